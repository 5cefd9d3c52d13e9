"""What comes over the screen: something to read, and a question."""

from __future__ import annotations

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static


class Reader(ModalScreen[bool]):
    """Something to read. `again`: the key that asks for more of it; the answer is whether it was
    pressed."""

    BINDINGS = [
        Binding("escape,q,enter", "leave", "close", show=False),
    ]

    def __init__(self, content: RenderableType, again: str = "", more: str = "") -> None:
        super().__init__()
        self._content = content
        self._again = again
        self._line = "[@click=screen.leave][b]Esc[/b] closes[/]"
        if again:
            self._line += f"  [@click=screen.again][b]{again}[/b] {more}[/]"
            self._bindings.bind(again, "again", show=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with VerticalScroll():
                yield Static(self._content)
            yield Static(Content.from_markup(self._line), classes="keys")

    def action_leave(self) -> None:
        self.dismiss(False)

    def action_again(self) -> None:
        self.dismiss(True)


class Question(ModalScreen[bool]):
    """Yes or no; whatever is no yes is a no."""

    BINDINGS = [
        Binding("y", "answer(True)", "yes", show=False),
        Binding("n,escape,q,enter", "answer(False)", "no", show=False),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        keys = "[@click=screen.answer(True)][b]y[/b] yes[/]  [@click=screen.answer(False)][b]n[/b] no[/]"
        with Vertical(classes="dialog small"):
            yield Static(Text(self._question))
            yield Static(Content.from_markup(keys), classes="keys")

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
