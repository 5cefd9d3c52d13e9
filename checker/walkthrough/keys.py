"""The keys, and the line at the bottom that names them, which a mouse can press too."""

from __future__ import annotations

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

KEYS = (
    ("c", "check"),
    ("o", "open"),
    ("h", "hint"),
    ("g", "guide"),
    ("e", "experiment"),
    ("s", "solution"),
    ("r", "reset"),
    ("n", "next"),
    ("q", "quit"),
)
"""Each key, and its word, which is the name of the action too."""

BINDINGS = [
    *(Binding(key, word, word, show=False) for key, word in KEYS),
    Binding("b", "brief", "brief", show=False),
    Binding("ctrl+c", "quit", "quit", show=False, priority=True),
    Binding("ctrl+z", "suspend_process", "suspend", show=False),
]


class KeyLine(Static):
    """As many lines as the keys need."""

    def __init__(self) -> None:
        named = (f"[@click=app.{word}][b]{key}[/b]\N{NO-BREAK SPACE}{word}[/]" for key, word in KEYS)
        super().__init__(Content.from_markup("  ".join(named)))
