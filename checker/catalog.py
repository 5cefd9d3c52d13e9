"""The tasks, read from `tasks/NN-slug/task.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from checker.failure import CheckerError
from checker.sandbox import ROOT

TASKS = ROOT / "tasks"
SOLUTIONS = ROOT / "solutions"
CHECKS = ROOT / "checker" / "checks"


class UnknownTaskError(Exception):
    """The message names what was asked for."""


class _TaskFile(msgspec.Struct, forbid_unknown_fields=True):
    """`task.toml`. `minutes`: what a student is told to expect; `arguments`: the program's, with
    `{host}`, `{port}`, `{message}`; `first_failure`: the core check at which the skeleton fails."""

    title: str
    minutes: int
    concepts: list[str]
    man: list[str]
    steps: list[str]
    arguments: str
    first_failure: str
    libraries: list[str] = []


@dataclass(frozen=True)
class Task:
    """One numbered exercise: `slug` is `12-fork-server`."""

    slug: str
    file: _TaskFile

    @property
    def number(self) -> str:
        return self.slug.split("-", 1)[0]

    @property
    def name(self) -> str:
        return self.slug.split("-", 1)[1]

    @property
    def title(self) -> str:
        return self.file.title

    @property
    def folder(self) -> Path:
        return TASKS / self.slug

    @property
    def skeleton(self) -> Path:
        return self.folder / "main.cpp"

    @property
    def hints(self) -> Path:
        return self.folder / "hints.md"

    @property
    def solution(self) -> Path:
        return SOLUTIONS / self.slug / "main.cpp"

    @property
    def mutants(self) -> list[Path]:
        return sorted((SOLUTIONS / self.slug / "mutants").glob("*.patch"))

    @property
    def checks(self) -> Path:
        return CHECKS / f"test_{self.slug.replace('-', '_')}.py"

    def check_names(self) -> list[str]:
        """The checks, in their order, without loading them."""
        return re.findall(r"^def test_(\w+)", self.checks.read_text(), re.MULTILINE)


def tasks() -> list[Task]:
    """All of them, in order. CheckerError names a broken task.toml."""
    return [_read(path) for path in sorted(TASKS.glob("*/task.toml"))]


def find(wanted: str) -> Task:
    """By `10`, `tcp-server` or `10-tcp-server`."""
    known = tasks()
    for task in known:
        if wanted.strip("/") in (task.slug, task.name) or _same_number(wanted, task.number):
            return task
    raise UnknownTaskError(f"no task is called “{wanted}”; `./lab list` shows them")


def _same_number(wanted: str, number: str) -> bool:
    return wanted.isdecimal() and int(wanted) == int(number)


def _read(path: Path) -> Task:
    try:
        file = msgspec.convert(tomllib.loads(path.read_text()), _TaskFile)
    except ValueError as error:
        raise CheckerError(f"{path}: {error}") from error
    return Task(path.parent.name, file)
