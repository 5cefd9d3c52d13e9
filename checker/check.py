"""The `@check` mark: what a check judges, and what a student is told when it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from checker.results import Level

Build = Literal["judged", "sanitised", "zeroed"]
"""`judged`: local variables start as a pattern; `zeroed`: as zero, to tell whether a failure comes
from a variable that was never set; `sanitised`: with AddressSanitizer and UBSan."""

POINTS: dict[Level, int] = {"core": 10, "craft": 5}

Function = TypeVar("Function", bound=Callable[..., None])


@dataclass(frozen=True)
class Check:
    """`needs`: the checks (function names) without which this one would say nothing new.
    `private`: it needs a network of its own. `guide`: section of the task's chapter."""

    title: str
    level: Level
    points: int
    why: str
    man: tuple[str, ...]
    guide: str
    needs: tuple[str, ...]
    build: Build
    private: bool


def check(
    level: Level,
    title: str,
    *,
    why: str,
    man: tuple[str, ...] = (),
    guide: str = "",
    needs: tuple[str, ...] = (),
    build: Build = "judged",
    private: bool = False,
    points: int | None = None,
) -> Callable[[Function], Function]:
    """Marks a test function as a check."""
    worth = POINTS[level] if points is None else points
    made = Check(title, level, worth, why, man, guide, needs, build, private)

    def mark(function: Function) -> Function:
        setattr(function, "check", made)  # noqa: B010  # a function has no such attribute to mypy
        return function

    return mark


def check_of(function: object) -> Check:
    """The mark of a test function; LookupError names one that has none."""
    made = getattr(function, "check", None)
    if not isinstance(made, Check):
        raise LookupError(f"{getattr(function, '__name__', function)} is not marked with @check")
    return made
