"""The result of judging one task: version 1 of the format that every report reads."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from checker.timeline import Event

SCHEMA = "loopback/result@1"
_COLOUR = re.compile(rb"\\u001b\[[0-9;]*[mK]")

Level = Literal["core", "craft"]
Outcome = Literal["passed", "failed", "skipped", "error"]
TaskOutcome = Literal["done", "not done", "does not compile", "error"]


class CheckResult(msgspec.Struct, kw_only=True):
    """One judged behaviour. `seconds`: wall time; `timeline`: what happened, in order;
    `program`: what had become of the program by then."""

    id: str
    title: str
    level: Level
    points: int
    max_points: int
    outcome: Outcome
    reason: str = ""
    expected: str = ""
    got: str = ""
    steps: list[str] = []
    why: str = ""
    man: list[str] = []
    guide: str = ""
    timeline: list[Event] = []
    seconds: float = 0.0
    program: str = ""


class Result(msgspec.Struct, kw_only=True):
    """One task, judged. `seed` replays it; `started` is ISO 8601 in UTC; `seconds` is wall time.
    `diagnostics` is what the compiler said."""

    schema: str = SCHEMA
    task: str
    seed: int
    checker: str
    toolchain: str
    source_sha256: str
    started: str
    seconds: float
    outcome: TaskOutcome
    points: int
    max_points: int
    stars: int
    max_stars: int
    checks: list[CheckResult]
    diagnostics: str = ""
    arena: str = "private"


def outcome_of(checks: list[CheckResult]) -> TaskOutcome:
    """A task is done when every core check that could be made passed, and at least one could.
    Where craft checks alone were asked for, they count in the same way."""
    core = [check.outcome for check in checks if check.level == "core"] or [
        check.outcome for check in checks
    ]
    if "error" in (check.outcome for check in checks):
        return "error"
    return "done" if "passed" in core and "failed" not in core else "not done"


def to_json(results: Result | list[Result]) -> str:
    """Indented, and without the colours that the compiler meant for a terminal."""
    encoded = _COLOUR.sub(b"", msgspec.json.encode(results))
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `Result`."""
    return msgspec.json.schema(Result)
