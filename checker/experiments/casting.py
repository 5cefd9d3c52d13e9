"""Whose program is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.build import compile_source
from checker.checking import own_source
from checker.compiler import Compilers
from checker.experiments.model import UnclearError, Whose
from checker.progress import standing
from checker.source import Source, UnusableSourceError, read_files

if TYPE_CHECKING:
    from pathlib import Path

    from checker.catalog import Task
    from checker.workspace import Workspace


@dataclass(frozen=True)
class Cast:
    """`why_not_yours`: empty when it is the student's."""

    binary: Path
    whose: Whose
    why_not_yours: str = ""


def cast(workspace: Workspace, task: Task) -> Cast:
    """The student's program when its task is done, else the reference, built. Where there is no
    reference, the student's as it is. UnclearError when neither can be had."""
    trouble = f"task {task.number} is not done yet"
    if standing(workspace, task).done or not task.solution.exists():
        try:
            own = _built(own_source(task, workspace))
        except UnusableSourceError as error:
            own, trouble = None, str(error)
        else:
            trouble = f"your {task.slug} does not compile"
        if own:
            return Cast(own, "yours")
    if not task.solution.exists():
        raise UnclearError(f"{trouble}, and this copy of Loopback comes without solutions")
    reference = _built(read_files(task.slug, [task.solution]))
    assert reference, "the reference compiles"
    return Cast(reference, "the reference", trouble)


def _built(source: Source) -> Path | None:
    compilers = Compilers()
    try:
        return compile_source(source, "judged", confined=True, compilers=compilers).binary
    finally:
        compilers.end()
