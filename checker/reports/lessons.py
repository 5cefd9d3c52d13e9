"""Hints and reference solutions."""

from __future__ import annotations

import difflib

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.syntax import Syntax
from rich.text import Text

from checker import catalog, hints, progress, regions
from checker.catalog import Task
from checker.workspace import Workspace, WorkspaceError

THEME = "ansi_dark"


def chosen(place: Workspace, name: str | None) -> Task:
    """The task of that name, or the current one."""
    if name:
        return catalog.find(name)
    return progress.current_task(place) or catalog.tasks()[-1]


def next_hint(place: Workspace, name: str | None) -> RenderableType:
    """The next one; the last one again when there are no more."""
    task = chosen(place, name)
    every = hints.hints(task)
    number = progress.next_hint(place, task, len(every))
    hint = every[number]
    more = len(every) - number - 1
    left = f"{more} more: ./lab hint {task.number}" if more else "That was the last one."
    title = Text(f"{task.slug} · hint {number + 1} of {len(every)}: {hint.title}\n", style="name")
    return Group(title, Markdown(hint.text, code_theme=THEME), Text(f"\n{left}", style="label"))


def solution(place: Workspace, name: str, spoil: bool) -> RenderableType:
    """The reference, then the difference from the student's own."""
    task = catalog.find(name)
    if not task.solution.exists():
        raise WorkspaceError("this copy of Loopback comes without solutions")
    if not spoil and not progress.standing(place, task).done:
        raise WorkspaceError(f"{task.slug} is not done yet; --spoil shows it anyway")
    reference = regions.clean(task.solution.read_text())
    parts: list[RenderableType] = [Syntax(reference, "cpp", theme=THEME, word_wrap=True)]
    try:
        own = place.program(task).read_text(errors="replace")
    except OSError:
        return Group(*parts)
    difference = difflib.unified_diff(
        own.splitlines(), reference.splitlines(), "yours", "the reference", lineterm="", n=2
    )
    parts += [Text("\nFrom yours to the reference:\n", style="name")]
    parts += [Syntax("\n".join(difference), "diff", theme=THEME, word_wrap=True)]
    return Group(*parts)
