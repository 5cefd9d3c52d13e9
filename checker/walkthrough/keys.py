"""The keys, and the lines that name them, which a mouse can press too."""

from __future__ import annotations

from textual.binding import Binding, BindingType
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

BINDINGS: list[BindingType] = [
    *(Binding(key, word, word, show=False) for key, word in KEYS),
    Binding("b", "brief", "brief", show=False),
    Binding("ctrl+c", "quit", "quit", show=False, priority=True),
    Binding("ctrl+z", "suspend_process", "suspend", show=False),
]


class KeyLine(Static):
    """As many lines as the keys need; each comes with its word and its action."""

    def __init__(self, *keys: tuple[str, str, str], id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys = keys

    def tell(self, *keys: tuple[str, str, str]) -> None:
        """Other keys from now on."""
        self._keys = keys
        self.on_resize()

    def on_resize(self) -> None:
        lines, room = [""], 0
        for key, word, action in self._keys:
            width = len(f"{key} {word}")
            if width > room:
                lines.append("")
                room = self.size.width
            lines[-1] += f"[@click={action}][reverse]{key}[/] {word}[/] "
            room -= width + 1
        self.update(Content.from_markup("\n".join(lines[1:])))


READS_ON = ("↓", "reads on", "screen.read_on")
"""The key of a screen of which a part is below the border."""


def all_keys() -> KeyLine:
    """The line at the bottom."""
    return KeyLine(*((key, word, f"app.{word}") for key, word in KEYS), id="keys")
