"""What comes over the screen: something to read, and a question."""

from __future__ import annotations

from typing import ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from checker.walkthrough.keys import READS_ON, KeyLine


class Reader(ModalScreen[bool]):
    """Something to read. `again`: the key that asks for more of it, and its word; the answer is
    whether it was pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "answer(False)", "close", show=False)
    ]

    def __init__(self, content: RenderableType, again: tuple[str, str] | None = None) -> None:
        super().__init__()
        self._content = content
        self._keys = [("Esc", "closes", "screen.answer(False)")]
        if again:
            self._keys.append((*again, "screen.answer(True)"))
            self._bindings.bind(again[0], "answer(True)", show=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            with VerticalScroll():
                yield Static(self._content)
            yield KeyLine(*self._keys)

    def on_resize(self) -> None:
        self.call_after_refresh(self._tell_keys)

    def _tell_keys(self) -> None:
        more = self.query_one(VerticalScroll).max_scroll_y > 0
        self.query_one(KeyLine).tell(*([READS_ON] if more else []), *self._keys)

    def action_read_on(self) -> None:
        self.query_one(VerticalScroll).scroll_page_down()

    def action_answer(self, again: bool) -> None:
        self.dismiss(again)


class Question(ModalScreen[bool]):
    """A few lines, and a yes or no: by the key `yes`, else by whatever leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,n", "answer(False)", "no", show=False)
    ]

    def __init__(
        self, text: str, yes: tuple[str, str] = ("y", "yes"), no: tuple[str, str] = ("n", "no")
    ) -> None:
        super().__init__()
        self._text = text
        self._keys = [(*yes, "screen.answer(True)"), (*no, "screen.answer(False)")]
        self._bindings.bind(yes[0].lower(), "answer(True)", show=False)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog small"):
            yield Static(Text(self._text))
            yield KeyLine(*self._keys)

    def action_answer(self, yes: bool) -> None:
        self.dismiss(yes)
