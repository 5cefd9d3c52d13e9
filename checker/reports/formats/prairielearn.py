"""`results.json` of a PrairieLearn external grader (PrairieLearn, “External Grading”)."""

from __future__ import annotations

from typing import Any

from checker.grading.gradebook import Detail, Details, StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.as_json import as_json
from checker.reports.formats.neutral import line

_ROOM = 150_000
"""Characters for all outputs: PrairieLearn takes no file beyond 1 MB."""


def text(grade: StudentGrade, details: Details) -> str:
    """While something is not graded it is not gradable: no points, and no attempt used up."""
    if grade.points is None:
        report: dict[str, Any] = {"gradable": False, "format_errors": [told.NOT_GRADED]}
        return as_json(report)
    report = {
        "gradable": True,
        "score": _score(grade.points, grade.max_points),
        "message": told.head(grade),
        "tests": _tests(grade, details, grade.points),
    }
    return as_json(report)


def _score(points: int, best: int) -> float:
    return min(1.0, points / best) if best else 0.0


def _tests(grade: StudentGrade, details: Details, points: int) -> list[dict[str, Any]]:
    room = _ROOM // max(1, len(grade.tasks))
    tests = [_test(task, details(grade, task), room) for task in grade.tasks]
    lost = sum(task.points for task in grade.tasks) - points
    if lost:
        tests.append({"name": "late", "points": -lost, "max_points": 0})
    return tests


def _test(task: TaskGrade, detail: Detail | None, room: int) -> dict[str, Any]:
    return {
        "name": line(f"{task.task} · {task.title}"),
        "points": task.points,
        "max_points": task.max_points,
        "message": told.verdict(task),
        "output": told.report(task, detail, room),
    }
