"""A small graded class, made of true results.

`python -m checker.tests.graded` records the results anew: it judges a few programs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from checker import catalog, run
from checker.grading.gradebook import (
    CheckGrade,
    Detail,
    Gradebook,
    Student,
    StudentGrade,
    TaskGrade,
)
from checker.proof import mutant
from checker.results import CheckResult
from checker.source import Source, read_files

RECORD = Path(__file__).parent / "data" / "graded.json"
SEED = 7
WEIGHT = 100
PROGRAMS = {
    "08-sigpipe": ("solution", "end-of-input-loops", "broken"),
    "10-tcp-server": ("solution", "skeleton", "upper-case", "sigpipe-kills"),
}
"""Task → the reference, its skeleton, mutants, and a file that does not compile."""
HIDDEN = "survives_unread_echo"
HOSTILE = "<script>alert(1)</script>\x1b[31m\u202eevil\ud800\0\"'&=1+1"
"""It closes no tag of ours, turns no text around, and is no byte that a file cannot hold."""


@cache
def details() -> dict[str, dict[str, Detail]]:
    """Task → program → what judging it gave."""
    return msgspec.json.decode(RECORD.read_bytes(), type=dict[str, dict[str, Detail]])


def book(*students: StudentGrade, title: str = "Networks") -> Gradebook:
    return Gradebook(
        title=title,
        made="2026-03-04T09:12:00+00:00",
        seed=SEED,
        checker="1.0.0",
        toolchain="g++ 12.2.0",
        students=list(students),
    )


def student(name: str, *tasks: TaskGrade, **fields: object) -> StudentGrade:
    """`name` is the id, and the name of the files, too."""
    handed_in = any(task.outcome != "missing" for task in tasks)
    made = StudentGrade(
        student=Student(id=name, name=name.capitalize()),
        file=name,
        submission=f"{name}.tar.gz" if handed_in else "",
        tasks=list(tasks),
    )
    return msgspec.structs.replace(made, **fields)


def grade(task: str, program: str | None, **fields: object) -> TaskGrade:
    """What that program is worth; None: it was not handed in."""
    title = catalog.find(task).title
    made = TaskGrade(task=task, title=title, outcome="missing", points=0, max_points=WEIGHT)
    if program is not None:
        result = details()[task][program].result
        made = msgspec.structs.replace(
            made,
            outcome=result.outcome,
            points=WEIGHT * result.points // max(1, result.max_points),
            stars=result.stars,
            max_stars=result.max_stars,
            seed=result.seed,
            attempts=1,
            checks=[_check_grade(check) for check in result.checks],
        )
    return msgspec.structs.replace(made, **fields)


def _check_grade(check: CheckResult) -> CheckGrade:
    message = "" if check.outcome == "passed" else (check.got or check.reason).partition("\n")[0]
    return CheckGrade(
        id=check.id,
        title=check.title,
        level=check.level,
        points=check.points,
        max_points=check.max_points,
        outcome=check.outcome,
        message=message,
        hidden=check.id == HIDDEN,
    )


def the_class() -> Gradebook:
    """One student of each kind."""
    sigpipe, server = "08-sigpipe", "10-tcp-server"
    good = grade(server, "solution")
    error = msgspec.structs.replace(good.checks[1], outcome="error", message="OSError: no space")
    erroneous = grade(server, "solution", outcome="error", points=0, checks=[good.checks[0], error])
    return book(
        student("ana", grade(sigpipe, "solution"), good),
        student(
            "bruno",
            grade(sigpipe, "end-of-input-loops", unstable=True, attempts=3),
            grade(server, "upper-case"),
            handed_in="2026-03-02T01:00:00+00:00",
            late_seconds=7500,
            penalty=20,
        ),
        student("carla", grade(sigpipe, "broken"), grade(server, "sigpipe-kills")),
        student("duarte", grade(sigpipe, "solution"), erroneous),
        student("eva", grade(sigpipe, None), grade(server, None)),
        student("filipe", grade(sigpipe, None), grade(server, None), trouble="half an archive"),
        student("graça", grade(sigpipe, None), grade(server, "skeleton")),
    )


def programs(of: StudentGrade, task: TaskGrade) -> Detail | None:
    """The details of `the_class`."""
    handed_in = {
        "ana": ("solution", "solution"),
        "bruno": ("end-of-input-loops", "upper-case"),
        "carla": ("broken", "sigpipe-kills"),
        "duarte": ("solution", "solution"),
        "graça": (None, "skeleton"),
    }.get(of.student.id, (None, None))
    program = handed_in[list(PROGRAMS).index(task.task)]
    return details()[task.task][program] if program else None


def _source(task: catalog.Task, program: str) -> Source:
    if program in ("solution", "broken"):
        text = task.solution.read_bytes()
        text = text.replace(b"return ", b"give ", 2) if program == "broken" else text
        return Source(task.slug, {"main.cpp": text}, ("main.cpp",))
    if program == "skeleton":
        return read_files(task.slug, [task.skeleton])
    [patch] = [path for path in task.mutants if path.stem == program]
    return mutant.load(task, patch).source


def _judged(task: catalog.Task, program: str) -> Detail:
    source = _source(task, program)
    result = run.run(run.Request(task, source=source, seed=SEED)).result
    for check in result.checks:
        if check.outcome == "passed":
            check.timeline, check.steps = [], []
    texts = {Path(name).name: text.decode() for name, text in source.files.items()}
    return Detail(result=result, sources=texts)


def record() -> None:
    judged = {
        slug: {program: _judged(catalog.find(slug), program) for program in programs}
        for slug, programs in PROGRAMS.items()
    }
    RECORD.write_bytes(msgspec.json.encode(judged) + b"\n")


if __name__ == "__main__":
    record()
