"""From the ledger and the policy to the gradebook that all reports read."""

from __future__ import annotations

import importlib
import sys
from datetime import UTC, datetime

import msgspec

from checker import catalog
from checker.catalog import Task
from checker.check import Check, check_of
from checker.grading.attempts import Standing
from checker.grading.course import Course
from checker.grading.filenames import unique_names
from checker.grading.gradebook import CheckGrade, Gradebook, StudentGrade, TaskGrade
from checker.grading.lateness import late_seconds
from checker.grading.ledger import Enrolled, Ledger
from checker.grading.policy import Policy
from checker.results import Level, Outcome, TaskOutcome
from checker.text import plain


class _Check(msgspec.Struct):
    """Of a Result's checks, what a gradebook needs: no timeline."""

    id: str
    title: str
    level: Level
    points: int
    max_points: int
    outcome: Outcome
    reason: str
    got: str


class _Result(msgspec.Struct):
    outcome: TaskOutcome
    seconds: float
    stars: int
    checks: list[_Check]


def gradebook(ledger: Ledger, course: Course) -> Gradebook:
    """Every student with every task."""
    binder = _Binder(ledger, course)
    enrolled = ledger.enrolled()
    names = unique_names([each.submission.student.id for each in enrolled])
    return Gradebook(
        title=course.title,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        seed=course.seed,
        checker=checker_version(course),
        toolchain=course.toolchain,
        students=[binder.student(*pair) for pair in zip(enrolled, names, strict=True)],
    )


def checker_version(course: Course) -> str:
    """Without the hash, which is of one task."""
    return next(iter(course.tasks.values())).partition("+")[0]


class _Binder:
    """Makes each verdict's grade once: equal sources share it."""

    def __init__(self, ledger: Ledger, course: Course) -> None:
        self._ledger = ledger
        self._course = course
        self._standings = ledger.standings()
        self._tasks = [catalog.find(slug) for slug in course.tasks]
        self._made: dict[tuple[str, str], TaskGrade] = {}

    def student(self, enrolled: Enrolled, file: str) -> StudentGrade:
        given, policy = enrolled.submission, self._course.policy
        tasks = [self._task(task, enrolled.sources.get(task.slug, "")) for task in self._tasks]
        late = late_seconds(given.handed_in, policy.due)
        trouble = [given.trouble] if given.trouble else []
        if policy.due and enrolled.sources and not given.handed_in:
            trouble.append("nobody knows when this was handed in: it counts as in time")
        return StudentGrade(
            student=given.student,
            file=file,
            submission=given.name,
            handed_in=given.handed_in,
            late_seconds=late,
            penalty=policy.late.penalty(sum(task.points for task in tasks), late),
            trouble="; ".join(trouble),
            tasks=tasks,
        )

    def _task(self, task: Task, source: str) -> TaskGrade:
        if (task.slug, source) not in self._made:
            self._made[task.slug, source] = self._grade(task, source)
        return self._made[task.slug, source]

    def _grade(self, task: Task, source: str) -> TaskGrade:
        policy = self._course.policy
        marks = checks_of(task)
        own = sum(mark.points for mark in marks.values() if _counts(mark.level, policy))
        weight = policy.weights.get(task.slug, own)
        stars = sum(mark.level == "craft" for mark in marks.values())
        blank = TaskGrade(
            task=task.slug,
            title=task.title,
            outcome="missing",
            points=0,
            max_points=weight,
            max_stars=stars,
        )
        if not source:
            return blank
        key = self._course.key(task.slug, source)
        standing = self._standings.get(key, Standing())
        grade = msgspec.structs.replace(
            blank,
            outcome="error",
            seed=key.seed,
            attempts=len(standing.attempts),
            unstable=standing.unstable,
            trouble="" if standing.good else _trouble(standing),
        )
        result = self._ledger.counted(key, _Result)
        if result is None:
            return grade
        checks = [_check(task, check, policy) for check in result.checks]
        reached = sum(check.points for check in checks)
        return msgspec.structs.replace(
            grade,
            outcome=result.outcome,
            points=0 if result.outcome == "error" else scaled(reached, own, weight),
            stars=result.stars,
            seconds=result.seconds,
            checks=checks,
        )


def _trouble(standing: Standing) -> str:
    last = standing.attempts[-1:]
    return plain(last[0].trouble) if last else "it was not judged"


def scaled(points: int, of: int, weight: int) -> int:
    """The same share of `weight`, as whole points; half a point counts as one."""
    return (2 * points * weight + of) // (2 * of) if of else 0


def checks_of(task: Task) -> dict[str, Check]:
    """The task's checks as they are marked, in their order."""
    module = importlib.import_module(f"checker.checks.{task.checks.stem}")
    return {name: check_of(getattr(module, f"test_{name}")) for name in task.check_names()}


def _counts(level: Level, policy: Policy) -> bool:
    return level == "core" or policy.craft


def _check(task: Task, check: _Check, policy: Policy) -> CheckGrade:
    counts = _counts(check.level, policy)
    return CheckGrade(
        id=sys.intern(check.id),
        title=sys.intern(check.title),
        level=check.level,
        points=check.points if counts else 0,
        max_points=check.max_points if counts else 0,
        outcome=check.outcome,
        message=policy.unnamed(task.slug, _message(check)),
        hidden=policy.hides(task.slug, check.id),
    )


def _message(check: _Check) -> str:
    """One line; the last of a traceback."""
    lines = (check.reason if check.outcome != "failed" else check.got or check.reason).splitlines()
    if not lines or check.outcome == "passed":
        return ""
    return (lines[-1] if check.outcome == "error" else lines[0]).strip()
