"""What a student has predicted, and what came of it: `.lab/experiments.json`."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from checker.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from checker.experiments.model import Experiment, Observation

FILE = "experiments.json"


class Note(msgspec.Struct, frozen=True):
    """The last run. `at`: ISO 8601 in UTC."""

    prediction: str
    outcome: str
    right: bool
    program: str
    at: str


def notes(workspace: Workspace) -> dict[str, Note]:
    """By the experiments' slugs. A file that is damaged counts as none."""
    try:
        content = (workspace.records / FILE).read_bytes()
        return msgspec.json.decode(content, type=dict[str, Note])
    except (OSError, msgspec.DecodeError):
        return {}


def keep(workspace: Workspace, experiment: Experiment, seen: Observation) -> None:
    """Takes the place of an earlier run."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    note = Note(seen.prediction, seen.outcome, seen.right, seen.program, at)
    with _alone(workspace.records):
        kept = notes(workspace) | {experiment.slug: note}
        content = msgspec.json.format(msgspec.json.encode(kept), indent=1)
        write_whole(workspace.records / FILE, content.decode() + "\n")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else changes the notes meanwhile, in another terminal perhaps (flock(2))."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network drives have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
