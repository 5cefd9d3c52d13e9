"""What students are told of their grade, in plain text: the words that all formats share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from checker.grading.gradebook import CheckGrade, Detail, StudentGrade, TaskGrade
from checker.reports.formats.neutral import LINE, block, line
from checker.reports.formats.story import stories_of
from checker.reports.verdict import MARKS
from checker.text import count

DIAGNOSTICS = 8_000
"""In characters."""
HIDDEN = "a hidden check"
HIDDEN_COUNTS = "It counts; more is not told."
MISSING = "Nothing was handed in for this task: no points."
NOT_COMPILED = "It does not compile."
OWN_ERROR = "The checker itself failed here; this is no verdict on your program."
NOT_GRADED = "Not graded yet: the checker itself failed. This is no zero; ask your instructor."
NOTHING_SAID = "it failed"
UNSTABLE = "Several runs of this task did not agree; your instructor is told so too."


@dataclass(frozen=True)
class Case:
    """A line of a test report. `account`: the whole story of a failure, in several lines."""

    name: str
    outcome: Literal["passed", "failed", "skipped", "error", "hidden"]
    message: str = ""
    account: str = ""
    seconds: float = 0.0


def verdict(task: TaskGrade) -> str:
    """`not done · 5 of 10 points · 1 of 3 stars`."""
    if task.outcome == "error":
        return "not graded"
    parts = [task.outcome, points(task.points, task.max_points)]
    reached, possible = stars(task)
    if possible:
        parts.append(f"{reached} of {count(possible, 'star')}")
    return " · ".join(parts)


def stars(task: TaskGrade) -> tuple[int, int]:
    """Those reached and those there are, of the checks that students are told of."""
    secret = [check for check in task.checks if check.hidden and check.level == "craft"]
    reached = sum(check.outcome == "passed" for check in secret)
    return task.stars - reached, task.max_stars - len(secret)


def points(got: int, of: int) -> str:
    return f"{got:,} of {count(of, 'point')}"


def total(grade: StudentGrade) -> str:
    """The grade in a sentence."""
    if grade.points is None:
        return NOT_GRADED
    lost = f", {count(grade.penalty, 'point')} lost to lateness" if grade.penalty else ""
    return f"{points(grade.points, grade.max_points)}{lost}."


def head(grade: StudentGrade) -> str:
    """The grade, and what is to say of the submission as a whole."""
    about = f"\nAbout your submission: {line(grade.trouble)}" if grade.trouble else ""
    return total(grade) + about


def visible(task: TaskGrade) -> list[CheckGrade]:
    return [check for check in task.checks if not check.hidden]


def hidden(task: TaskGrade) -> str:
    """`2 hidden checks count too.`, or ""."""
    number = sum(check.hidden for check in task.checks)
    verb = "counts" if number == 1 else "count"
    return f"{count(number, 'hidden check')} {verb} too." if number else ""


def remark(task: TaskGrade) -> str:
    """What is to say of the task as a whole, or ""."""
    remarks = {"missing": MISSING, "does not compile": NOT_COMPILED, "error": NOT_GRADED}
    return remarks.get(task.outcome, "")


def summary(task: TaskGrade, limit: int) -> str:
    """The task in lines, at most about `limit` characters: every line starts with words of the
    lab's own."""
    shown = visible(task)
    room = max(40, limit // max(1, len(shown)))
    lines = [verdict(task), remark(task), *(_one(check, room) for check in shown), hidden(task)]
    return block("\n".join(text for text in lines if text), limit)


def _one(check: CheckGrade, room: int) -> str:
    text = f"{MARKS[check.outcome]} {line(check.title)}"
    message = said(check)
    return line(f"{text}: {message}" if message else text, room)


def report(task: TaskGrade, detail: Detail | None, limit: int) -> str:
    """The same with all that is to say of a failure, behind bars: no outside text begins a line."""
    stories = stories_of(task, detail)
    rows = [verdict(task), remark(task), _barred(diagnostics(task, detail))]
    for check in visible(task):
        story = stories.get(check.id, "")
        rows += [f"{MARKS[check.outcome]} {line(check.title)}", _barred(story)] if story else []
        rows += [] if story else [_one(check, LINE)]
    rows.append(hidden(task))
    return block("\n".join(row for row in rows if row), limit)


def _barred(text: str) -> str:
    return "\n".join(f"  | {row}".rstrip() for row in text.splitlines())


def diagnostics(task: TaskGrade, detail: Detail | None) -> str:
    """What the compiler said, where it does not compile."""
    if task.outcome != "does not compile" or detail is None:
        return ""
    return block(detail.result.diagnostics, DIAGNOSTICS)


def said(check: CheckGrade) -> str:
    """Why it did not pass; what the checker said of its own error is for instructors only."""
    return OWN_ERROR if check.outcome == "error" else line(check.message)


def cases(task: TaskGrade, detail: Detail | None) -> Iterator[Case]:
    """The task as a suite of tests, never an empty one."""
    if task.outcome == "missing":
        yield Case("is handed in", "failed", MISSING)
    elif task.outcome == "error":
        yield Case("is graded", "error", NOT_GRADED)
    elif task.outcome == "does not compile":
        yield Case("compiles", "failed", NOT_COMPILED, diagnostics(task, detail))
    else:
        yield Case("compiles", "passed")
    stories = stories_of(task, detail)
    seconds = {check.id: check.seconds for check in detail.result.checks} if detail else {}
    for check in task.checks:
        if check.hidden:
            yield Case(HIDDEN, "hidden", HIDDEN_COUNTS)
            continue
        yield Case(
            line(check.title),
            check.outcome,
            said(check),
            stories.get(check.id, ""),
            seconds.get(check.id, 0.0),
        )
