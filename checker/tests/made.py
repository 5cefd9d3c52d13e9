"""Results as the checker makes them, and a disk that is full."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from checker.results import CheckResult, Result, TaskOutcome


@contextmanager
def no_room(after: int = 0) -> Iterator[None]:
    """No file can grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (after, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def made_check(name: str = "listens", **fields: Any) -> CheckResult:
    """A core check that passed, unless `fields` say otherwise."""
    usual: dict[str, Any] = {
        "title": f"the program {name}",
        "level": "core",
        "points": 10,
        "max_points": 10,
        "outcome": "passed",
    }
    return CheckResult(id=name, **(usual | fields))


def made_failure(name: str = "listens", **fields: Any) -> CheckResult:
    """A core check that failed at its second step."""
    usual: dict[str, Any] = {
        "points": 0,
        "outcome": "failed",
        "expected": "a TCP socket",
        "got": "it exited with status 0",
        "steps": ["the lab starts ./server", "your program listens"],
        "why": "Clients find a server by its port.",
        "man": ["bind(2)", "socket(2)"],
        "guide": "01-one#listen",
    }
    return made_check(name, **(usual | fields))


def made_result(
    *checks: CheckResult, task: str = "01-one", outcome: TaskOutcome = "done", **fields: Any
) -> Result:
    """A result with these checks."""
    made = list(checks) or [made_check()]
    craft = [check for check in made if check.level == "craft"]
    usual: dict[str, Any] = {
        "seed": 4711,
        "checker": "1.0.0",
        "toolchain": "g++ 12",
        "source_sha256": "00",
        "started": "2024-01-01T00:00:00+00:00",
        "seconds": 1.0,
        "points": sum(check.points for check in made),
        "max_points": sum(check.max_points for check in made),
        "stars": sum(check.outcome == "passed" for check in craft),
        "max_stars": len(craft),
    }
    return Result(task=task, outcome=outcome, checks=made, **(usual | fields))
