"""`grades.csv`: the whole class, a row per student, in columns of our own."""

from __future__ import annotations

from collections.abc import Iterator

from checker.grading.gradebook import Gradebook, StudentGrade
from checker.reports.formats.neutral import table

ABOUT = ["id", "name", "email", "points", "max points", "late seconds", "penalty"]
REMARKS = ["stars", "unstable", "trouble"]


def text(book: Gradebook) -> str:
    """Two columns per task, points and outcome. What is not graded has empty points."""
    return table(_rows(book))


def _rows(book: Gradebook) -> Iterator[list[str | int]]:
    tasks = [
        column for task in book.tasks for column in (f"{task.task} points", f"{task.task} outcome")
    ]
    yield [*ABOUT, *tasks, *REMARKS]
    yield from map(_row, book.students)


def _row(grade: StudentGrade) -> list[str | int]:
    student = grade.student
    cells: list[str | int] = [
        student.id,
        student.name,
        student.email,
        "" if grade.points is None else grade.points,
        grade.max_points,
        grade.late_seconds,
        grade.penalty,
    ]
    for task in grade.tasks:
        cells += ["" if task.outcome == "error" else task.points, task.outcome]
    unstable = " ".join(task.task for task in grade.tasks if task.unstable)
    return [*cells, sum(task.stars for task in grade.tasks), unstable, grade.trouble]
