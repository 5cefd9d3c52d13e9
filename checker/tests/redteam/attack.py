"""Judges the hostile programs in `programs/`, each beside an honest one.

What every attack must leave behind is asserted here: no process, no file, and the right verdict for
the neighbour."""

from __future__ import annotations

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from unittest.mock import patch

from checker import build, catalog, run
from checker.clock import Deadline
from checker.loop import Loop
from checker.results import CheckResult, Result
from checker.run import Request
from checker.sandbox import ROOT
from checker.source import Source, read_files
from checker.tests.judging import by_id
from checker.tests.programs import KEPT, alive

PROGRAMS = Path(__file__).parent / "programs"
NAME = frozenset({"prints_name", "nothing_else", "succeeds"})
"""Of task 01: the honest output, not a byte more, and status 0."""
ECHO = frozenset({"listens", "echoes"})
"""Of tasks 09 and 10."""
HELPERS = ("honest.hpp",)
SECONDS = 30.0
"""Far more than anything here takes."""


def source(name: str, **places: object) -> Source:
    """The hostile program; `@PLACE@` in it becomes what is given, `@ROOT@` this clone."""
    text = (PROGRAMS / f"{name}.cpp").read_text()
    for place, value in {"ROOT": ROOT, **places}.items():
        text = text.replace(f"@{place}@", str(value))
    helpers = {helper: (PROGRAMS / helper).read_bytes() for helper in HELPERS}
    return Source(name, {f"{name}.cpp": text.encode(), **helpers}, (f"{name}.cpp",))


@cache
def attack(name: str, task: str = "01", only: frozenset[str] = NAME, **places: object) -> Result:
    """The verdict on a hostile program. Another one's, judged at the same time, is right."""
    hostile = source(name, **places)
    word = secrets.token_hex(8)  # an argument of all that it starts
    with patch.multiple(build, CACHE=KEPT, KEPT_BUILDS=1000), ThreadPoolExecutor() as pool:
        beside = pool.submit(_judge, task, honest(task), only, word)
        result = _judge(task, hostile, only, word)
        assert beside.result().outcome == "done", beside.result()
    assert Loop().wait(lambda: not alive(word), Deadline(SECONDS), poll=0.01), alive(word)
    return result


def checks(result: Result) -> dict[str, CheckResult]:
    assert result.outcome != "error", [check.reason for check in result.checks]
    return by_id(result)


def outcomes(result: Result) -> dict[str, str]:
    return {name: check.outcome for name, check in checks(result).items()}


@cache
def honest(task: str) -> Source:
    found = catalog.find(task)
    return read_files(found.slug, [found.solution])


def _judge(task: str, judged: Source, only: frozenset[str], word: str) -> Result:
    found = catalog.find(task)
    template = f"{found.file.arguments} {word}"
    request = Request(found, judged, template=template, only=only, seed=1, diagnose=False)
    return run.run(request).result


def listing() -> dict[str, int]:
    """Every file of this clone that is not a by-product, and when it was changed."""
    passing = {".git", ".venv", ".cache", "build", "__pycache__"}
    found: dict[str, int] = {}
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in passing and "cache" not in name]
        for path in (Path(folder, name) for name in files):
            with suppress(FileNotFoundError):
                found[str(path)] = path.stat().st_mtime_ns
    return found
