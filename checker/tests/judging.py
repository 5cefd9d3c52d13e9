"""Judges tiny programs by throw-away check modules, through the whole of `run.run`."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from checker import catalog, run
from checker.catalog import Task
from checker.results import CheckResult, Result
from checker.run import Judged, Request

IMPORTS = """
import os, signal
from checker import processes, schedule
from checker.check import check
from checker.clock import Deadline
from checker.failure import CheckFailed, CheckSkipped
from checker.scene import Scene

MORE = 30.0
"""


@dataclass(frozen=True)
class ThrowAway(Task):
    """A task whose checks are in any file."""

    module: Path

    @property
    def checks(self) -> Path:
        return self.module


def task(folder: Path, checks: str, arguments: str = "{port}") -> Task:
    """Its checks are the functions in this module, which has the imports that they need."""
    module = folder / "test_throw_away.py"
    module.write_text(IMPORTS + textwrap.dedent(checks))
    file = msgspec.structs.replace(catalog.find("10").file, arguments=arguments)
    return ThrowAway("99-throw-away", file, module)


def judge(folder: Path, checks: str, program: Path | None, **request: Any) -> Judged:
    """Judges a program that is there already, or the `source` of the request."""
    request.setdefault("source", None)
    request.setdefault("seed", 1)
    return run.run(Request(task(folder, checks), program=program, **request))


def by_id(result: Result) -> dict[str, CheckResult]:
    return {check.id: check for check in result.checks}


def outcomes(result: Result) -> dict[str, str]:
    return {check.id: check.outcome for check in result.checks}
