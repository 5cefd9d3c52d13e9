"""The right side: the shown task's brief, its checks, and the one to look at."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static

from checker import workspace
from checker.catalog import Task
from checker.walkthrough.board import Board, Row
from checker.walkthrough.checks import CheckList, Detail, status
from checker.workspace import Workspace


class TaskView(Vertical):
    """Shows a board, and follows it."""

    def __init__(self, place: Workspace) -> None:
        super().__init__(id="view")
        self._place = place
        self._board: Board | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="title")
        yield Static(id="brief")
        yield Static(id="status")
        yield CheckList()
        yield Static(id="more")
        yield Detail()

    def show(self, board: Board) -> None:
        """Another task, or the same one after something has happened. A verdict brings what was
        missed into sight; before that the highlight stays where it is."""
        new = self._board is None or self._board.task != board.task
        self._board = board
        if new:
            self.query_one("#brief", Static).update(_brief(board.task, self._place))
        checks = self.query_one(CheckList)
        self.query_one("#status", Static).update(status(board))
        checks.tell(board)
        if new or not board.running:
            checks.show(board.first_missed())
            self.show_brief(board.result is None and not board.running)
        self._tell()

    def show_brief(self, wanted: bool) -> None:
        """A high screen has room for it always."""
        self.set_class(not wanted, "-without-brief")
        self._tell_title()

    def toggle_brief(self) -> None:
        self.show_brief(self.has_class("-without-brief"))

    def on_resize(self) -> None:
        self._tell_title()

    def _tell_title(self) -> None:
        if self._board is not None:
            hidden = self.has_class("-without-brief") and self.screen.has_class("-low")
            self.query_one("#title", Static).update(_title(self._board.task, hidden))

    @property
    def row(self) -> Row | None:
        """The highlighted check."""
        option = self.query_one(CheckList).highlighted_option
        if option is None or option.id is None or self._board is None:
            return None
        return self._board.rows.get(option.id)

    @on(OptionList.OptionHighlighted, "#checks")
    def _tell(self) -> None:
        if self._board is not None:
            row = self.row
            more = "Enter shows all of it." if row and row.result else ""
            self.query_one("#more", Static).update(Text(more, "label"))
            self.query_one(Detail).show(self._board, row)


def _title(task: Task, without_brief: bool) -> RenderableType:
    """With the key that brings a hidden brief back."""
    line = Table.grid(expand=True)
    line.add_column(ratio=1, no_wrap=True)
    line.add_column(justify="right", no_wrap=True)
    title = Text.assemble((f"{task.number} · {task.title}", "name"), overflow="ellipsis")
    key = Text.assemble(("b", "reverse"), " brief")
    key.apply_meta({"@click": "app.brief"})
    line.add_row(title, key if without_brief else Text(f"{task.file.minutes} min", "label"))
    return line


def _brief(task: Task, place: Workspace) -> RenderableType:
    rows = Table.grid(padding=(0, 1))
    rows.add_column(justify="right", no_wrap=True, style="label")
    rows.add_column()
    for number, step in enumerate(task.file.steps, start=1):
        rows.add_row(str(number), step)
    rows.add_row("read", Text(" · ".join(task.file.man), "call"))
    rows.add_row("file", Text(workspace.shown(place.program(task)), overflow="fold"))
    return Group(rows)
