"""The first page, when there is no workspace yet."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from checker import workspace
from checker.catalog import Task
from checker.text import count
from checker.workspace import Workspace


class Welcome(ModalScreen[bool]):
    """Five lines, and a key to begin; whether it was pressed."""

    BINDINGS = [
        Binding("enter", "answer(True)", "begin", show=False),
        Binding("q,escape", "answer(False)", "quit", show=False),
    ]

    def __init__(self, place: Workspace, tasks: list[Task]) -> None:
        super().__init__()
        hours = sum(task.file.minutes for task in tasks) / 60
        where = workspace.shown(place.folder)
        self._lines = (
            f"Welcome to Loopback: {count(len(tasks), 'program')} in C++, from one system call",
            f"to a concurrent server, in about {hours:.0f} hours.",
            f"You edit {where}/{tasks[0].slug}/main.cpp with the editor that you like.",
            "Each time you save, it is built and judged here, and you see what it did.",
            "Stuck? h gives a hint; e asks what will happen, and shows it.",
        )

    def compose(self) -> ComposeResult:
        keys = "[@click=screen.answer(True)][b]Enter[/b] begins[/]  [@click=screen.answer(False)][b]q[/b] quits[/]"
        with Vertical(classes="dialog small"):
            yield Static(Text("\n".join(self._lines)))
            yield Static(Content.from_markup(keys), classes="keys")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
