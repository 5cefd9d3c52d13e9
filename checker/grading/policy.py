"""What a verdict is worth: the instructor's weights, due date and hidden checks.

A file of weights is TOML:

[tasks]
1 = 5                    # points for the whole task; what is not named keeps its own points
11-select-server = 20

[craft]
count = false            # craft checks give stars, but no points"""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from checker import catalog
from checker.catalog import Task
from checker.grading.lateness import Lateness
from checker.source import UnusableSourceError


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """`weights`: slug → points; `craft`: whether craft checks give points; `due`: ISO 8601 in UTC,
    or ""; `hidden`: `slug:check`, or a check of every task."""

    weights: dict[str, int] = {}
    craft: bool = True
    due: str = ""
    late: Lateness = Lateness()
    hidden: list[str] = []

    def hides(self, task: str, check: str) -> bool:
        return check in self.hidden or f"{task}:{check}" in self.hidden

    def unnamed(self, task: str, reason: str) -> str:
        """Why a check was not made, which may name a hidden one that it needs."""
        for word in self.hidden:
            among, _, check = word.rpartition(":")
            if among in ("", task):
                reason = reason.replace(f"“{check}”", "a hidden check")
        return reason


class _Craft(msgspec.Struct, forbid_unknown_fields=True):
    count: bool = True


class _WeightsFile(msgspec.Struct, forbid_unknown_fields=True):
    tasks: dict[str, int] = {}
    craft: _Craft = msgspec.field(default_factory=_Craft)


def read_weights(path: Path) -> tuple[dict[str, int], bool]:
    """Slug → points, and whether craft counts. UnusableSourceError: one line."""
    try:
        file = msgspec.convert(tomllib.loads(path.read_text()), _WeightsFile)
        weights = {catalog.find(name).slug: points for name, points in file.tasks.items()}
    except (ValueError, catalog.UnknownTaskError) as error:
        raise UnusableSourceError(f"{path}: {error}") from error
    negative = [task for task, points in weights.items() if points < 0]
    if negative:
        raise UnusableSourceError(f"{path}: {negative[0]} cannot be worth less than nothing")
    return weights, file.craft.count


def write_weights(policy: Policy, path: Path) -> None:
    """A file from which `read_weights` reads the same."""
    tasks = [f"{slug} = {points}" for slug, points in policy.weights.items()]
    craft = f"count = {str(policy.craft).lower()}"
    path.write_text("\n".join(["[tasks]", *tasks, "", "[craft]", craft, ""]))


def parse_hidden(text: str, tasks: list[Task]) -> list[str]:
    """`10:serves_next,memory`: checks of one task, or of every one that has it."""
    hidden = []
    for word in (word.strip() for word in text.split(",") if word.strip()):
        named, _, check = word.rpartition(":")
        among = [catalog.find(named)] if named else tasks
        if not any(check in task.check_names() for task in among):
            raise UnusableSourceError(f"--hide-checks {word}: no check is called “{check}”")
        hidden.append(f"{among[0].slug}:{check}" if named else check)
    return hidden


def parse_tasks(text: str) -> list[Task]:
    """`1-8,12`: numbers, ranges of them, and names."""
    known = catalog.tasks()
    wanted: set[str] = set()
    for word in (word.strip() for word in text.split(",") if word.strip()):
        first, dash, last = word.partition("-")
        if dash and first.isdecimal() and last.isdecimal():
            low, high = catalog.find(first).number, catalog.find(last).number
            wanted |= {task.slug for task in known if low <= task.number <= high}
        else:
            wanted.add(catalog.find(word).slug)
    if not wanted:
        raise UnusableSourceError(f"--tasks {text}: there is no task between those")
    return [task for task in known if task.slug in wanted]
