"""`results.json` of a Gradescope autograder (Gradescope, “Autograder Specifications”).

Tests that have points are the tasks, numbered 1, 2, …; their checks follow as 1.1, 1.2, … with a
status and no points, since points are counted per task."""

from __future__ import annotations

from typing import Any

from checker.grading.gradebook import CheckGrade, Detail, Details, StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.as_json import as_json
from checker.reports.formats.neutral import line
from checker.reports.formats.story import stories_of

PLAIN = {"output_format": "text", "test_output_format": "text", "test_name_format": "text"}
"""Gradescope's own choice for the output above the tests would be a kind of HTML."""


def text(grade: StudentGrade, details: Details) -> str:
    """Without any score while something is not graded: Gradescope would add up what is there."""
    graded = grade.points is not None
    tests: list[dict[str, Any]] = []
    for number, task in enumerate(grade.tasks, start=1):
        detail = details(grade, task)
        tests.append(_task(task, str(number), graded, detail))
        tests += _checks(task, str(number), detail)
    report: dict[str, Any] = {
        "execution_time": round(sum(task.seconds for task in grade.tasks), 3),
        "output": told.head(grade),
        **PLAIN,
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    if graded:
        report = {"score": grade.points, **report}
    return as_json(report)


def _task(task: TaskGrade, number: str, graded: bool, detail: Detail | None) -> dict[str, Any]:
    remarks = [told.remark(task), told.diagnostics(task, detail), told.hidden(task)]
    test: dict[str, Any] = {
        "name": line(f"{task.task} · {task.title}: {told.verdict(task)}"),
        "number": number,
        "output": "\n".join(remark for remark in remarks if remark),
        "visibility": "visible",
    }
    if graded:
        test |= {"score": task.points, "max_score": task.max_points}
    if task.outcome != "error":
        test["status"] = "passed" if task.outcome == "done" else "failed"
    return test


def _checks(task: TaskGrade, number: str, detail: Detail | None) -> list[dict[str, Any]]:
    stories = stories_of(task, detail)
    return [
        _check(check, f"{number}.{index}", stories.get(check.id, ""))
        for index, check in enumerate(task.checks, start=1)
    ]


def _check(check: CheckGrade, number: str, story: str) -> dict[str, Any]:
    """A hidden one is told to instructors alone."""
    test: dict[str, Any] = {
        "name": line(check.title),
        "number": number,
        "output": told.said(check) if check.hidden else story or told.said(check),
        "tags": [check.level],
        "visibility": "hidden" if check.hidden else "visible",
    }
    if check.outcome in ("passed", "failed"):
        test["status"] = check.outcome
    return test
