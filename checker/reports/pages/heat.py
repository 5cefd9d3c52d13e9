"""How much of the points, as a cell that is read without its colour."""

from __future__ import annotations

from dataclasses import dataclass

from checker.grading.gradebook import TaskGrade

LEVELS = 4
"""Colours for what is not done, from almost nothing (0) to almost all."""

_SIGNS = {"error": "E", "does not compile": "C", "missing": "–"}
_STYLES = {"error": "error", "does not compile": "broken", "missing": "missing"}


@dataclass(frozen=True)
class Cell:
    """`style`: its class in the style sheet."""

    text: str
    style: str


def share(points: int, most: int) -> float:
    """From 0 to 1. Of nothing, all."""
    return min(1.0, max(0.0, points / most)) if most else 1.0


def percent(points: int, most: int) -> int:
    """Rounded down: 100 is said of nothing less than all."""
    return int(share(points, most) * 100)


def cell(grade: TaskGrade) -> Cell:
    """One task of one student. An `unstable` one has a tilde."""
    tilde = " ~" if grade.unstable else ""
    if grade.outcome in _SIGNS:
        return Cell(_SIGNS[grade.outcome] + tilde, _STYLES[grade.outcome])
    number = percent(grade.points, grade.max_points)
    if grade.outcome == "done":
        return Cell(f"✓ {number}{tilde}", "done")
    return Cell(f"{number}{tilde}", level(share(grade.points, grade.max_points)))


def level(reached: float) -> str:
    return f"heat{min(LEVELS - 1, int(reached * LEVELS))}"
