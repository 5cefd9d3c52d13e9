"""The full result of one student's task, as that student may see it."""

from __future__ import annotations

import msgspec

from checker.grading.course import Course
from checker.grading.gradebook import Detail, Details, StudentGrade, TaskGrade
from checker.grading.ledger import Ledger
from checker.grading.policy import Policy
from checker.results import CheckResult, Result

UNSEEN = "a check that your instructor does not show"


def details_of(ledger: Ledger, course: Course) -> Details:
    """Asks the ledger for one detail at a time, so that a class needs little memory."""
    sources = {each.submission.student.id: each.sources for each in ledger.enrolled()}

    def detail(student: StudentGrade, task: TaskGrade) -> Detail | None:
        source = sources[student.student.id].get(task.task)
        if source is None:
            return None
        result = ledger.counted(course.key(task.task, source), Result)
        if result is None:
            return None
        files = ledger.source(task.task, source).files
        texts = {name: content.decode(errors="replace") for name, content in files.items()}
        return Detail(result=as_seen(result, course.policy), sources=texts)

    return detail


def as_seen(result: Result, policy: Policy) -> Result:
    """Of a hidden check, only that it was made, and what it gave."""
    checks = [_seen(result.task, check, policy) for check in result.checks]
    return msgspec.structs.replace(result, checks=checks)


def _seen(task: str, check: CheckResult, policy: Policy) -> CheckResult:
    if not policy.hides(task, check.id):
        reason = policy.unnamed(task, check.reason)
        return msgspec.structs.replace(check, reason=reason)
    return CheckResult(
        id="",
        title=UNSEEN,
        level=check.level,
        points=check.points,
        max_points=check.max_points,
        outcome=check.outcome,
    )
