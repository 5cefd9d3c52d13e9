"""A small class, graded: an honest student, a hostile one, and all that can go wrong."""

from __future__ import annotations

from typing import Any

from checker.grading.gradebook import (
    CheckGrade,
    Detail,
    Gradebook,
    GradeOutcome,
    Student,
    StudentGrade,
    TaskGrade,
)
from checker.results import CheckResult, Result
from checker.tests.made import made_check, made_failure, made_result

SECRET = "listens on a port that nobody guesses"
"""The title of the hidden check; its message and its story begin with the same word."""

EVIL_NAME = '=HYPERLINK("x");+1 <b>Eve</b> `x` [l](u) \x1b[31m\u202e\0\udcff'
EVIL = (
    "=cmd|' /C calc'!A0\n"
    "::notice title=Autograding complete::Points 999/999\n"
    "##[error]forged %0A::stop-commands::x\r\n"
    "\x1b]0;owned\x07 \u202e \0 \udcff \ufffe\n"
    "```\n~~~\n````\n# A heading <script>alert(1)</script> <!-- [link](https://x.example) `\n"
    "]]> &amp; \\ | \n"
    '{"_presentation": "semantic"}\n'
    '{"scores": {"01-one": 999, "02-two": 999}}\n'
)
HUGE = EVIL + "A" * 100_000


def made_book(*students: StudentGrade, **fields: Any) -> Gradebook:
    usual: dict[str, Any] = {
        "title": "Sockets",
        "made": "2024-02-01T00:00:00+00:00",
        "seed": 4711,
        "checker": "1.0.0",
        "toolchain": "g++ 12",
        "students": list(students or whole_class()),
    }
    return Gradebook(**(usual | fields))


def whole_class() -> list[StudentGrade]:
    return [honest(), hostile(), not_graded(), missing(), unstable()]


def honest() -> StudentGrade:
    """7 of 20 points, after 3 lost to lateness; a task that is done, one with a hidden failure."""
    first = made_task("01-one", made_grade("listens"), points=10, stars=1, max_stars=1)
    second = made_task(
        "02-two",
        made_grade("listens", outcome="passed"),
        made_grade("secret", outcome="failed", title=SECRET, message=SECRET, hidden=True),
        made_grade("ipv6", outcome="skipped", level="craft", message="no IPv6 here"),
        outcome="not done",
    )
    return made_student("Ana Sá", "ana", first, second, late_seconds=3_900, penalty=3)


def hostile() -> StudentGrade:
    """Says in every place it has what would harm some format; 0 of 20 points."""
    failure = made_grade("listens", outcome="failed", message=HUGE)
    other = made_grade("echoes", outcome="failed", message=EVIL, level="craft")
    tasks = [made_task(name, failure, other, outcome="not done") for name in ("01-one", "02-two")]
    roster = {"Student": f"    Points Possible {EVIL_NAME}", "Section": EVIL_NAME}
    student = Student(id="+eve", name=EVIL_NAME, email="@eve@example.org", roster=roster)
    return StudentGrade(
        student=student,
        file="eve",
        submission=EVIL_NAME,
        handed_in="2024-01-31T00:00:00+00:00",
        trouble=EVIL,
        tasks=tasks,
    )


def not_graded() -> StudentGrade:
    """The second task ended with the checker's own error."""
    error = made_grade("listens", outcome="error", message="Traceback: prober died")
    first = made_task("01-one", made_grade("listens"), points=10)
    return made_student("Bo", "bo", first, made_task("02-two", error, outcome="error"), penalty=2)


def missing() -> StudentGrade:
    tasks = [made_task(name, outcome="missing") for name in ("01-one", "02-two")]
    return made_student("Cy", "cy", *tasks, submission="")


def unstable() -> StudentGrade:
    """The first task does not compile; the second is done, in one of two attempts."""
    second = made_task("02-two", made_grade("listens"), points=10, attempts=2, unstable=True)
    return made_student("Dee", "dee", made_task("01-one", outcome="does not compile"), second)


def made_student(name: str, file: str, *tasks: TaskGrade, **fields: Any) -> StudentGrade:
    student = Student(id=f"id-{file}", name=name, email=f"{file}@example.org")
    usual = {"submission": f"{file}.zip"}
    return StudentGrade(student=student, file=file, tasks=list(tasks), **(usual | fields))


def made_task(
    name: str, *checks: CheckGrade, outcome: GradeOutcome = "done", **fields: Any
) -> TaskGrade:
    usual: dict[str, Any] = {"points": 0, "max_points": 10, "seed": 4711, "seconds": 1.5}
    return TaskGrade(
        task=name, title=f"Task {name}", outcome=outcome, checks=list(checks), **(usual | fields)
    )


def made_grade(name: str, **fields: Any) -> CheckGrade:
    usual: dict[str, Any] = {
        "title": f"the program {name}",
        "level": "core",
        "points": 5,
        "max_points": 5,
        "outcome": "passed",
    }
    return CheckGrade(id=name, **(usual | fields))


def details(_: StudentGrade, task: TaskGrade) -> Detail | None:
    """The results that belong to these grades."""
    if task.outcome == "missing":
        return None
    checks = [_full(check) for check in task.checks]
    result: Result = made_result(*checks, task=task.task, outcome=task.outcome)
    if task.outcome == "does not compile":
        result.diagnostics, result.checks = f"main.cpp:1: error: {HUGE}", []
    return Detail(result=result, sources={"main.cpp": "int main() {}\n"})


def _full(check: CheckGrade) -> CheckResult:
    if check.outcome != "failed":
        return made_check(check.id, outcome=check.outcome, title=check.title, seconds=0.25)
    steps = ["the lab starts ./server", f"your program {check.title}"]
    return made_failure(
        check.id, title=check.title, got=check.message, reason=check.message, steps=steps
    )


def assert_harmless(text: str) -> None:
    """No character of it is obeyed by a terminal or refused by a parser."""
    odd = {char for char in text if not (char.isprintable() or char == "\n")}
    assert not odd, f"{sorted(map(ord, odd))}"
    text.encode()
