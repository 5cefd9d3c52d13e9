"""Which checker makes a verdict: a change to what judges a task makes its records old."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from checker import __version__
from checker.catalog import CHECKS, Task
from checker.sandbox import ROOT

LAB = ROOT / "checker"
NOT_JUDGING = {"cli", "checking", "editor", "hints", "progress", "submission", "watch", "workspace"}
"""Modules of the lab that have no say in a verdict. A name that is missing here costs no more than
a class that is graded again after an update."""


def judge_of(task: Task) -> str:
    """The lab's version and a hash of the task's checks and of what makes them."""
    digest = hashlib.sha256(_lab_sources())
    for path in (task.checks, task.folder / "task.toml"):
        digest.update(_entry(path))
    return f"{__version__}+{digest.hexdigest()[:12]}"


@cache
def _lab_sources() -> bytes:
    modules = [path for path in LAB.glob("*.py") if path.stem not in NOT_JUDGING]
    shared = [path for path in CHECKS.glob("*.py") if not path.name.startswith("test_")]
    native = [path for path in (LAB / "native").rglob("*") if path.suffix in {".cpp", ".hpp"}]
    files = [*modules, *shared, *(LAB / "peers").glob("*.py"), *native]
    return b"".join(map(_entry, sorted(files)))


def _entry(path: Path) -> bytes:
    content = path.read_bytes()
    return f"{path.name}\0{len(content)}\0".encode() + content
