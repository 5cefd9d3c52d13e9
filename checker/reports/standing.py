"""Where a student stands: the list of tasks, and what comes next."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checker import progress, workspace
from checker.progress import Standing
from checker.workspace import Workspace


def table(place: Workspace) -> RenderableType:
    """Every task: done, stars, minutes; a bar of how many are done."""
    standings = progress.standings(place)
    rows = Table.grid(padding=(0, 2))
    for standing in standings:
        task = standing.task
        minutes = Text(f"{task.file.minutes} min", style="label", justify="right")
        rows.add_row(mark(standing), task.slug, task.title, minutes, _state(standing))
    done = sum(standing.done for standing in standings)
    bar = Text("▰" * done + "▱" * (len(standings) - done))
    bar.append(f"  {done} of {len(standings)} tasks done{minutes_left(standings)}")
    troubles = [Text(f"{s.task.slug}: {s.trouble}", "failed") for s in standings if s.trouble]
    return Group(rows, Text(), bar, *troubles)


def next_step(place: Workspace) -> RenderableType:
    """What `./lab` alone says."""
    title = Text("Loopback · socket programming in C++, checked\n", style="name")
    if not place.is_started():
        steps = (
            "Begin:\n"
            "  ./lab start     makes your workspace, work/\n"
            "  ./lab list      shows the tasks"
        )
        return Group(title, Text(steps))
    task = progress.current_task(place)
    if task is None:
        return Group(title, table(place), Text("\nAll tasks are done. ./lab submit packs them."))
    file = workspace.shown(place.program(task))
    steps = (
        f"\nNext: {task.slug} · {task.title}\n"
        f"  ./lab open      opens {file}\n"
        f"  ./lab check     judges it\n"
        f"  ./lab watch     judges it at every save\n"
        f"  ./lab hint      gives a hint\n"
        f"  ./lab --help    lists the other commands"
    )
    return Group(title, table(place), Text(steps))


def mark(standing: Standing) -> Text:
    """Done, tried, or neither."""
    if standing.done:
        return Text("✓", style="passed")
    return Text("·" if standing.result is None else "✗", style="label")


def _state(standing: Standing) -> Text:
    result = standing.result
    if result is None:
        return Text("not started", style="label")
    if not standing.done:
        return Text(result.outcome, style="failed")
    stars = "★" * result.stars + "☆" * (result.max_stars - result.stars)
    return Text(stars, style="star")


def minutes_left(standings: list[Standing]) -> str:
    """What remains to be said of time, if anything does."""
    left = sum(standing.task.file.minutes for standing in standings if not standing.done)
    return f" · about {left} minutes left" if left else ""
