"""What has been reached, derived from the recorded results, and the hints that were taken."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from checker.catalog import Task, tasks
from checker.results import Result, to_json
from checker.workspace import Workspace, write_whole

if TYPE_CHECKING:
    from checker.run import Judged


@dataclass(frozen=True)
class Standing:
    """One task: `result` is the last recorded one; `trouble` says why there is none to be read."""

    task: Task
    result: Result | None
    trouble: str = ""

    @property
    def done(self) -> bool:
        return self.result is not None and self.result.outcome == "done"


def _result_file(workspace: Workspace, task: Task) -> Path:
    return workspace.records / "results" / f"{task.slug}.json"


def log_file(workspace: Workspace, task: Task) -> Path:
    return workspace.records / "logs" / f"{task.slug}.log"


def record(workspace: Workspace, task: Task, judged: Judged) -> None:
    """Keeps the log and the result; not that of the checker's own error, which says nothing about
    the task."""
    write_whole(log_file(workspace, task), judged.log)
    if judged.result.outcome != "error":
        write_whole(_result_file(workspace, task), to_json(judged.result))


def standing(workspace: Workspace, task: Task) -> Standing:
    path = _result_file(workspace, task)
    try:
        return Standing(task, msgspec.json.decode(path.read_bytes(), type=Result))
    except FileNotFoundError:
        return Standing(task, None)
    except (OSError, msgspec.DecodeError):
        return Standing(task, None, f"its record is damaged: run `./lab check {task.number}` again")


def standings(workspace: Workspace) -> list[Standing]:
    """Of all tasks, in order."""
    return [standing(workspace, task) for task in tasks()]


def current_task(workspace: Workspace) -> Task | None:
    """The first that is not done; None when all are."""
    return next((s.task for s in standings(workspace) if not s.done), None)


def next_hint(workspace: Workspace, task: Task, available: int) -> int:
    """The number (from 0) of the hint to show now; the last one again once all were shown."""
    path = workspace.records / "hints.json"
    try:
        taken = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        taken = {}
    number = max(0, min(taken.get(task.slug, 0), available - 1))
    write_whole(path, json.dumps(taken | {task.slug: number + 1}))
    return number
