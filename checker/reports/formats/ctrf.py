"""Common Test Report Format (CTRF, “CTRF JSON Schema”): a test per check, its task as the suite."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from checker import __version__
from checker.grading.gradebook import Detail, Details, StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.as_json import as_json
from checker.reports.formats.told import Case

SPEC = "0.0.0"
_STATUS = {"error": "other", "hidden": "other"}
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


def text(grade: StudentGrade, details: Details) -> str:
    """Times are in milliseconds, since 1970 where they are moments; 0 when nothing was run."""
    tests: list[dict[str, Any]] = []
    spans: list[tuple[int, int]] = []
    for task in grade.tasks:
        detail = details(grade, task)
        tests += [_test(task, case) for case in told.cases(task, detail)]
        spans += [_span(detail)] if detail else []
    counted = Counter(test["status"] for test in tests)
    summary: dict[str, Any] = {
        "tests": len(tests),
        **{status: counted[status] for status in _STATUSES},
        "suites": len(grade.tasks),
        "start": min((start for start, _ in spans), default=0),
        "stop": max((stop for _, stop in spans), default=0),
    }
    if grade.points is not None:
        summary["extra"] = {"points": grade.points, "max_points": grade.max_points}
    tool = {"name": "loopback", "version": __version__}
    report = {
        "reportFormat": "CTRF",
        "specVersion": SPEC,
        "generatedBy": f"loopback {__version__}",
        "results": {"tool": tool, "summary": summary, "tests": tests},
    }
    return as_json(report)


def _span(detail: Detail) -> tuple[int, int]:
    start = datetime.fromisoformat(detail.result.started).timestamp()
    return round(start * 1000), round((start + detail.result.seconds) * 1000)


def _test(task: TaskGrade, case: Case) -> dict[str, Any]:
    test: dict[str, Any] = {
        "name": case.name,
        "status": _STATUS.get(case.outcome, case.outcome),
        "duration": round(case.seconds * 1000),
        "suite": [task.task],
        "rawStatus": case.outcome,
    }
    if case.message:
        test["message"] = case.message
    if case.account:
        test["trace"] = case.account
    return test
