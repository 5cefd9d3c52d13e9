"""A class, graded: what every report of `lab grade` reads.

It is kept slim, for hundreds of students: the full result of one task, with its timelines and the
sources, is asked for where it is needed, through `Details`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from checker.results import Level, Outcome, Result

GradeOutcome = Literal["done", "not done", "does not compile", "error", "missing"]


class Student(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is unique in the class. `roster`: this student's row there, column → text."""

    id: str
    name: str
    email: str = ""
    roster: dict[str, str] = {}


class CheckGrade(msgspec.Struct, frozen=True, kw_only=True):
    """One check. `message` is its reason in one line; a `hidden` one counts, and students are not
    told more than that."""

    id: str
    title: str
    level: Level
    points: int
    max_points: int
    outcome: Outcome
    message: str = ""
    hidden: bool = False


class TaskGrade(msgspec.Struct, frozen=True, kw_only=True):
    """One task of one student. `points` are of the task's weight, before lateness; `stars` count
    the craft checks that passed. `unstable`: its attempts did not agree. `seed` replays it.
    `trouble`: for the instructor alone, in one line: why there is no verdict; "" when there is."""

    task: str
    title: str
    outcome: GradeOutcome
    points: int
    max_points: int
    stars: int = 0
    max_stars: int = 0
    seed: int = 0
    seconds: float = 0.0
    attempts: int = 0
    unstable: bool = False
    trouble: str = ""
    checks: list[CheckGrade] = []


class StudentGrade(msgspec.Struct, frozen=True, kw_only=True):
    """One student. `file` is a name that no other student's files have, and that any file system
    takes. `submission` is the name of what was handed in; "" when nothing was. `handed_in` is
    ISO 8601 in UTC, or "". `penalty`: points lost to lateness. `trouble`: why the submission could
    not be read, or what about it the instructor should look at."""

    student: Student
    file: str
    submission: str = ""
    handed_in: str = ""
    late_seconds: int = 0
    penalty: int = 0
    trouble: str = ""
    tasks: list[TaskGrade] = []

    @property
    def points(self) -> int | None:
        """None while a task ended with the checker's own error: that is never a zero."""
        if any(task.outcome == "error" for task in self.tasks):
            return None
        return max(0, sum(task.points for task in self.tasks) - self.penalty)

    @property
    def max_points(self) -> int:
        return sum(task.max_points for task in self.tasks)


class Gradebook(msgspec.Struct, frozen=True, kw_only=True):
    """The class. Every student has the same tasks, in the same order. `made`: ISO 8601, UTC."""

    title: str
    made: str
    seed: int
    checker: str
    toolchain: str
    students: list[StudentGrade]

    @property
    def tasks(self) -> list[TaskGrade]:
        """The columns: the tasks of any student."""
        return self.students[0].tasks if self.students else []


class Detail(msgspec.Struct, frozen=True, kw_only=True):
    """`sources`: file name → text, as handed in."""

    result: Result
    sources: dict[str, str]


Details = Callable[[StudentGrade, TaskGrade], Detail | None]
"""None when nothing was handed in for that task."""
