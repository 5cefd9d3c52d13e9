"""GitHub Classroom, in both of its forms: what a grader hands to the autograding reporter in an
environment variable, and what that reporter prints (classroom-resources, “GitHub Classroom
Autograding Reporter”: `src/main.js`, `src/notify-classroom.js`)."""

from __future__ import annotations

import base64
import json
from typing import Any

from checker.grading.gradebook import StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.neutral import command, line, logged

RUNNER = "loopback"
"""For the reporter's input `runners`."""

_ROOM = 18_000
"""Characters for all messages: Linux takes no environment variable beyond 128 KiB."""
_STATUS = {"done": "pass", "error": "error"}


def environment(grade: StudentGrade) -> str:
    """A line for $GITHUB_ENV. Without a maximum while something is not graded: then the reporter
    reports an error and no points."""
    encoded = base64.b64encode(json.dumps(_results(grade), ensure_ascii=False).encode())
    return f"{RUNNER.upper()}_RESULTS={encoded.decode()}\n"


def _results(grade: StudentGrade) -> dict[str, Any]:
    room = _ROOM // max(1, len(grade.tasks))
    tests = [_test(task, room) for task in grade.tasks]
    if grade.points is None:
        return {"version": 1, "status": "error", "tests": tests}
    lost = sum(task.points for task in grade.tasks) - grade.points
    if lost:
        tests.append({"name": "late", "status": "fail", "score": -lost, "message": "", **_NOWHERE})
    status = "pass" if all(test["status"] == "pass" for test in tests) else "fail"
    return {"version": 1, "status": status, "max_score": grade.max_points, "tests": tests}


_NOWHERE = {"test_code": "", "filename": "", "line_no": 0}
"""The reporter names a line other than 0."""


def _test(task: TaskGrade, room: int) -> dict[str, Any]:
    return {
        "name": line(f"{task.task}: {task.title}"),
        "status": _STATUS.get(task.outcome, "fail"),
        "score": 0 if task.outcome == "error" else task.points,
        "message": logged(told.summary(task, room), room),
        **_NOWHERE,
    }


def notices(grade: StudentGrade) -> str:
    """What the reporter itself would print; an error instead while something is not graded."""
    if grade.points is None:
        return command("error", "Autograding", told.NOT_GRADED) + "\n"
    report = {"totalPoints": grade.points, "maxPoints": grade.max_points}
    complete = f"Points {grade.points}/{grade.max_points}"
    return (
        f"{command('notice', 'Autograding complete', complete)}\n"
        f"{command('notice', 'Autograding report', json.dumps(report, separators=(',', ':')))}\n"
    )
