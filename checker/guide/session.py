"""A student's shell in a fresh copy of Loopback, for what the lab itself says."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from checker.failure import CheckerError
from checker.guide.script import Line, written
from checker.guide.variants import Variant
from checker.workspace import Workspace

SECONDS = 120


def session(programs: list[Variant], script: list[Line]) -> str:
    """The script, with what appeared. `programs`: what the student has written so far; without
    any, there is no workspace yet."""
    from checker.tests.clone import copy_to  # only maintainers have it

    for line in script:
        if line.kind != "$":
            raise CheckerError(f"“{line}”: with :workspace:, commands are all that can be typed")
    with tempfile.TemporaryDirectory(prefix="session-") as folder:
        clone = copy_to(Path(folder, "loopback"))
        if programs:
            _write(Workspace(clone / "work"), programs)
        return written([heard for line in script for heard in _typed(line, clone)])


def _write(place: Workspace, programs: list[Variant]) -> None:
    place.start()
    for variant in programs:
        source = variant.source()
        place.program(variant.task).write_bytes(source.files[source.units[0]])


def _typed(line: Line, at: Path) -> list[Line]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(at.parent),
        "LANG": "C.UTF-8",
        "TERM": "dumb",
    }
    done = subprocess.run(
        ["bash", "-c", line.text],
        cwd=at,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    return [line, *(Line(line.terminal, "|", heard) for heard in done.stdout.splitlines())]
