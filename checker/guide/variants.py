"""The programs that the guide shows: of each task the solution, the skeleton and the mutants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker import catalog
from checker.catalog import Task, UnknownTaskError
from checker.source import Source, read_files

OWN = ("solution", "skeleton")


class UnknownVariantError(Exception):
    """Names what was asked for."""


@dataclass(frozen=True)
class Variant:
    """`name`: `solution`, `skeleton`, or that of a mutant."""

    task: Task
    name: str

    @property
    def label(self) -> str:
        return f"{self.task.slug}/{self.name}"

    @property
    def patch(self) -> Path:
        """Of a mutant."""
        return catalog.SOLUTIONS / self.task.slug / "mutants" / f"{self.name}.patch"

    def files(self) -> list[Path]:
        """All that its source is made of."""
        if self.name == "skeleton":
            return [self.task.skeleton]
        return [self.task.solution, *([] if self.name in OWN else [self.patch])]

    def source(self) -> Source:
        """What is compiled."""
        if self.name in OWN:
            return read_files(self.task.slug, self.files())
        from checker.proof.mutant import load  # only maintainers have it

        return load(self.task, self.patch).source

    def caught_by(self) -> str:
        """The check that a mutant names."""
        named = [
            line.partition(":")[2].strip()
            for line in self.patch.read_text().splitlines()
            if line.startswith("caught-by:")
        ]
        if not named:
            raise UnknownVariantError(f"{self.label} names no check that catches it")
        return named[0]


def find(wanted: str, page: str) -> Variant:
    """By `10-tcp-server/one-read`, or by `one-read` in the chapter `page` of that task; a task
    alone means its solution."""
    task, slash, name = wanted.partition("/")
    try:
        if slash:
            variant = Variant(catalog.find(task), name)
        elif _is_task(wanted):
            variant = Variant(catalog.find(wanted), "solution")
        else:
            variant = Variant(catalog.find(page), wanted)
    except UnknownTaskError as error:
        raise UnknownVariantError(str(error)) from error
    if has_solutions() and not all(file.exists() for file in variant.files()):
        raise UnknownVariantError(f"{variant.task.slug} has no mutant called “{variant.name}”")
    return variant


def has_solutions() -> bool:
    """Whether this copy of Loopback comes with them; a graded course's has neither solutions nor
    mutants."""
    return catalog.SOLUTIONS.is_dir()


def _is_task(wanted: str) -> bool:
    return wanted in {task.slug for task in catalog.tasks()}
