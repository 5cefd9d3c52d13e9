"""The ladders of a task's last recorded check."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from checker import ladder, progress
from checker.catalog import Task
from checker.reports.lessons import chosen
from checker.results import CheckResult, Result
from checker.workspace import Workspace, WorkspaceError, write_whole

SVG_COLUMNS = 120


def picture(place: Workspace, name: str | None, check: str | None) -> RenderableType:
    """In the terminal: of that check, or of the first that failed."""
    task, result = _last(place, name)
    one = _check(task, result, check)
    title = Text.assemble((f"{task.slug} · {one.title}", "name"), (f"  {one.outcome}", one.outcome))
    drawn = ladder.text.draw(ladder.layout.arrange(one.timeline))
    others = ", ".join(other.id for other in result.checks if other.id != one.id)
    return Group(title, drawn, Text(f"\n./lab ladder {task.number} CHECK: {others}", "label"))


def save(place: Workspace, name: str | None, check: str | None, file: Path) -> str:
    """As an SVG; returns what was drawn."""
    task, result = _last(place, name)
    one = _check(task, result, check)
    title = f"{task.slug}: {one.title} ({one.outcome})"
    drawn = ladder.layout.arrange(one.timeline, SVG_COLUMNS)
    write_whole(file, ladder.svg.draw(drawn, title))
    return title


def _last(place: Workspace, name: str | None) -> tuple[Task, Result]:
    task = chosen(place, name)
    last = progress.standing(place, task)
    if last.result is None or not last.result.checks:
        why = last.trouble or f"{task.slug} has not been checked yet: ./lab check {task.number}"
        raise WorkspaceError(why)
    return task, last.result


def _check(task: Task, result: Result, name: str | None) -> CheckResult:
    known = {check.id: check for check in result.checks}
    if name is None:
        failed = [check for check in result.checks if check.outcome == "failed"]
        return (failed or result.checks)[0]
    if name not in known:
        near = get_close_matches(name, known, n=1)
        asked = f"; is it “{near[0]}”?" if near else f"; it has {', '.join(known)}"
        raise WorkspaceError(f"{task.slug} has no check “{name}”{asked}")
    return known[name]
