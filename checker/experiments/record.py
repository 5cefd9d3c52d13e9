"""What a student has predicted, and what came of it: `.lab/experiments.json`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from checker.workspace import Workspace, write_whole

if TYPE_CHECKING:
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
    kept = notes(workspace) | {experiment.slug: note}
    content = msgspec.json.format(msgspec.json.encode(kept), indent=1)
    write_whole(workspace.records / FILE, content.decode() + "\n")
