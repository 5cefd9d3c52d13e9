"""Rows that somebody has to look at, apart from the points."""

from __future__ import annotations

from dataclasses import dataclass

from checker.grading.gradebook import Gradebook, StudentGrade, TaskGrade
from checker.reports.pages import statistics
from checker.reports.pages.times import span


@dataclass(frozen=True)
class Row:
    """`task`: which one, or None for all that was handed in."""

    student: StudentGrade
    task: TaskGrade | None
    remark: str


@dataclass(frozen=True)
class Group:
    """`style`: its colour; `name`: its anchor."""

    name: str
    title: str
    advice: str
    style: str
    rows: list[Row]


def groups(book: Gradebook) -> list[Group]:
    """Those that have rows, the most urgent first."""
    every = [
        Group(
            "errors",
            "The lab's own errors",
            "Never a zero: these tasks have no points yet, and their students no total. "
            "Grade them again.",
            "error",
            _tasks(book, "error"),
        ),
        Group(
            "unreadable",
            "Submissions to look at",
            "They could not be read, or something about them is unusual.",
            "broken",
            [Row(one, None, one.trouble) for one in book.students if one.trouble],
        ),
        Group(
            "unstable",
            "Unstable verdicts",
            "Their attempts did not agree: the program may depend on chance.",
            "warn",
            [
                Row(one, task, f"{task.attempts} attempts; now: {task.outcome}")
                for one in book.students
                for task in one.tasks
                if task.unstable
            ],
        ),
        Group(
            "late",
            "Late",
            "What was lost to lateness is taken off their total.",
            "warn",
            [Row(one, None, _lateness(one)) for one in book.students if one.late_seconds > 0],
        ),
        Group(
            "absent",
            "Nothing handed in",
            "They are in the roster, and have no submission.",
            "missing",
            [Row(one, None, "") for one in book.students if not statistics.handed_in(one)],
        ),
    ]
    return [group for group in every if group.rows]


def _tasks(book: Gradebook, outcome: str) -> list[Row]:
    return [
        Row(one, task, _reason(task))
        for one in book.students
        for task in one.tasks
        if task.outcome == outcome
    ]


def _reason(task: TaskGrade) -> str:
    said = next((f"{c.id}: {c.message}" for c in task.checks if c.outcome == "error"), "")
    return said or task.trouble or "the checker gave no verdict"


def _lateness(student: StudentGrade) -> str:
    lost = f"{student.penalty:,} points lost" if student.penalty else "no points lost"
    return f"{span(student.late_seconds)} late, {lost}"
