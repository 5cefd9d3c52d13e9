"""A mutant: a solution with one bug put in, kept as a patch that names the check to catch it.

The server never closes a client's descriptor.
caught-by: no_descriptor_leak

--- a/main.cpp
+++ b/main.cpp
…
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from checker.catalog import Task
from checker.source import Source

NAMES = ("caught-by:", "also-core:")


class BrokenMutantError(Exception):
    """Names the patch, and why it is none."""


@dataclass(frozen=True)
class Mutant:
    """`name`: of the patch; `bug`: one sentence; `caught_by`: the check's id; `also_core`: where
    that is a craft check, the core check that cannot but fail, too, or ""."""

    task: Task
    name: str
    bug: str
    caught_by: str
    also_core: str
    source: Source


def load(task: Task, patch: Path) -> Mutant:
    """Reads the patch and applies it to the task's solution."""
    head, _, _ = patch.read_text().partition("\n--- ")
    lines = [line for line in head.splitlines() if line.strip()]
    named, also = (_values(lines, name) for name in NAMES)
    if len(named) != 1 or lines[0].startswith("caught-by:"):
        raise BrokenMutantError(f"{patch}: needs a sentence and then one `caught-by: CHECK` line")
    bug = " ".join(line for line in lines if not line.startswith(NAMES))
    source = Source(task.slug, {"main.cpp": _patched(task, patch)}, ("main.cpp",))
    return Mutant(task, patch.stem, bug, named[0], "".join(also), source)


def _values(lines: list[str], name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in lines if line.startswith(name)]


def _patched(task: Task, patch: Path) -> bytes:
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        copy = Path(folder, "main.cpp")
        copy.write_bytes(task.solution.read_bytes())
        # Elsewhere than in a repository, git apply is a plain patch(1) that every clone has.
        done = subprocess.run(
            ["git", "apply", "--recount", str(patch.resolve())],
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "GIT_CEILING_DIRECTORIES": str(Path(folder).parent)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise BrokenMutantError(f"{patch}: {done.stderr.strip().splitlines()[-1]}")
        return copy.read_bytes()
