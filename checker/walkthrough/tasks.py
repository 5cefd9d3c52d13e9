"""The tasks on the left: how far each is, and which one is shown."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static
from textual.widgets.option_list import Option

from checker import catalog
from checker.catalog import Task
from checker.progress import Standing
from checker.reports.standing import mark, minutes_left
from checker.results import Result
from checker.walkthrough.rows import Rows

WIDTH = 25
"""Characters of a row; a narrow screen shows only the mark and the number of it."""


class TaskList(Rows):
    """One row for each task; the highlighted one is shown on the right."""

    def __init__(self) -> None:
        self._tasks = catalog.tasks()
        super().__init__(*(Option("", id=task.slug) for task in self._tasks), id="tasks")

    def tell(self, standings: list[Standing], shown: Task) -> None:
        """Draws all rows again."""
        for standing in standings:
            row = _row(standing, standing.task == shown)
            self.replace_option_prompt(standing.task.slug, row)

    def show(self, task: Task) -> None:
        """Moves the highlight."""
        self.highlighted = self.get_option_index(task.slug)


class Progress(Vertical):
    """The total, in one line over everything."""

    def compose(self) -> ComposeResult:
        yield Static(id="total")

    def tell(self, standings: list[Standing]) -> None:
        done = sum(standing.done for standing in standings)
        bar = "▰" * done + "▱" * (len(standings) - done)
        self.query_one("#total", Static).update(
            Text.assemble(
                ("Loopback", "name"),
                f"  {bar}  {done} of {len(standings)} done{minutes_left(standings)}",
                no_wrap=True,
                overflow="ellipsis",
            )
        )


def _row(standing: Standing, shown: bool) -> Text:
    """`▸✓ 07 tcp-write-read 4/5★`: shown now, done, four of five stars."""
    pointer = ("▸" if shown else " ", "name")
    task = standing.task
    row = Text.assemble(pointer, mark(standing), f" {task.number} {task.name}", no_wrap=True)
    stars = _stars(standing.result) if standing.done and standing.result else ""
    row.pad_right(WIDTH - len(row) - len(stars))
    return row.append(stars, "star")


def _stars(result: Result) -> str:
    if not result.max_stars:
        return ""
    return "★" if result.stars == result.max_stars else f"{result.stars}/{result.max_stars}★"
