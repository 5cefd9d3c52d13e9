"""The checks of the shown task as they run, and what is to be said of one of them."""

from __future__ import annotations

from textwrap import fill

from rich.console import Group, RenderableType
from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static
from textual.widgets.option_list import Option

from checker import ladder
from checker.catalog import Task
from checker.reports import verdict
from checker.results import Result
from checker.walkthrough.board import Board, Row
from checker.walkthrough.rows import Rows

WAITING = {"waiting": ("·", "label"), "running": ("▹", "")}
LEAST_LADDER = 56
"""Columns; in less a ladder says too little, and scrolls sideways instead."""


class CheckList(Rows):
    """One row for each check; what is known of the highlighted one stands below."""

    def __init__(self) -> None:
        super().__init__(id="checks")
        self._shown: list[Text] = []

    def tell(self, board: Board) -> None:
        """Draws the rows again, if they have changed; the highlight stays."""
        rows = board.in_order()
        drawn = [_line(row) for row in rows]
        if [row.id for row in rows] != [option.id for option in self.options]:
            self.clear_options()
            self.add_options(Option(line, id=row.id) for row, line in zip(rows, drawn, strict=True))
        else:
            for row, line, before in zip(rows, drawn, self._shown, strict=True):
                if line != before:
                    self.replace_option_prompt(row.id, line)
        self._shown = drawn
        self.display = bool(rows)

    def show(self, row: Row | None) -> None:
        """Moves the highlight."""
        self.highlighted = None if row is None else self.get_option_index(row.id)


class Detail(VerticalScroll):
    """What is known of one check, or of a program that has none."""

    def __init__(self) -> None:
        super().__init__(Static(id="told"), id="detail")
        self._board: Board | None = None
        self._row: Row | None = None

    def show(self, board: Board, row: Row | None) -> None:
        """From its first line on, unless it is shown already."""
        if (board, row) != (self._board, self._row):
            self.scroll_home(animate=False)
        self._board, self._row = board, row
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        if self._board is not None:
            columns = self.scrollable_content_region.width
            steps = 1 if self.screen.has_class("-low") else verdict.LAST_STEPS
            told = told_of(self._board, self._row, columns, steps)
            self.query_one("#told", Static).update(told)


def status(board: Board) -> Text:
    """Where the judging is, or the verdict in one line."""
    if board.running:
        running = [row.title for row in board.in_order() if row.state == "running"]
        if not running:
            return Text.assemble(("Checking …" if board.over() else "Building it …", "name"))
        so_far = f"Checking: {board.over()} of {len(board.rows)}"
        return Text.assemble((so_far, "name"), (f"  {running[0]}", "label"))
    if board.result is None:
        return Text("" if board.trouble else "Not checked yet. A save does it, or c.")
    return _verdict(board.result)


def told_of(board: Board, row: Row | None, columns: int, steps: int) -> RenderableType:
    """What a student should read now, with so many `steps` before it failed."""
    if board.trouble:
        lines = (fill(line, columns) for line in board.trouble.splitlines())
        return Text.assemble(("\n".join(lines), "failed"))
    result = board.result
    if result is not None and result.outcome == "does not compile":
        return Group(*verdict.diagnostics(result.diagnostics, everything=True))
    if row is None and result is not None and result.outcome == "done":
        return Text("n goes on to the next task.\ns shows the reference, and how yours differs.")
    if row is None or row.result is None:
        return Text()
    if row.state in ("failed", "error"):
        return verdict.failure(row.result, board.task, False, max(columns, LEAST_LADDER), steps)
    return _unharmed(row, columns)


def all_of(row: Row, task: Task, columns: int) -> RenderableType:
    """Everything that is known of a check that is over."""
    if row.result and row.state in ("failed", "error"):
        return verdict.failure(row.result, task, True, max(columns, LEAST_LADDER))
    return _unharmed(row, columns)


def _unharmed(row: Row, columns: int) -> RenderableType:
    check = row.result
    assert check is not None
    title = Text.assemble(_mark(row), " ", (check.title, "name"), (f"  {check.id}", "label"))
    if check.outcome == "skipped":
        return Group(title, Text(check.reason, "skipped"))
    drawn = ladder.text.draw(ladder.layout.arrange(check.timeline, max(columns, LEAST_LADDER)))
    return Group(title, Text(), drawn)


def _verdict(result: Result) -> Text:
    style = "passed" if result.outcome == "done" else "failed"
    line = Text.assemble((verdict.OUTCOMES[result.outcome], style))
    if result.checks:
        line.append(f"  {verdict.counts(result)}", "default")
    if result.arena == "open":
        line.append("  Without a private network: see ./lab doctor", "skipped")
    return line


def _line(row: Row) -> Text:
    style = "label" if row.state in ("waiting", "skipped") else ""
    return Text.assemble(_mark(row), " ", (row.title, style))


def _mark(row: Row) -> tuple[str, str]:
    if row.state in ("waiting", "running"):
        return WAITING[row.state]
    if row.level == "craft" and row.state in ("passed", "failed"):
        return ("★" if row.state == "passed" else "☆"), "star"
    return verdict.MARKS[row.state], row.state
