"""Prints a growing ladder, as far as eyes can follow it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from checker.ladder import text
from checker.text import count

if TYPE_CHECKING:
    from rich.console import Console

    from checker.ladder.layout import Picture

BURST, PER_SECOND = 200, 50
"""Rows that may come at once, and how many a second may follow."""
FEW = 20
"""Rows that are printed of the beginning and of the end of more than that."""


class Printer:
    """The names of the lanes are printed again whenever the lanes are others."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._lanes: tuple[str, ...] = ()
        self._room = float(BURST)
        self._since = time.monotonic()
        self._hidden = 0
        self._last: Picture | None = None

    def show(self, picture: Picture) -> None:
        """Prints the rows, or keeps the last of them until fewer come."""
        now = time.monotonic()
        self._room = min(BURST, self._room + (now - self._since) * PER_SECOND)
        self._since = now
        if len(picture.rows) <= self._room:
            self._room -= len(picture.rows)
            self.end()
            self._print(picture)
            return
        if not self._hidden:
            self._print(replace(picture, rows=picture.rows[:FEW]))
            picture = replace(picture, rows=picture.rows[FEW:])
        self._hidden += len(picture.rows)
        self._last = replace(picture, rows=picture.rows[-FEW:])

    def hide(self, rows: int) -> None:
        """So many are nowhere to be had."""
        self._hidden += rows

    def end(self) -> None:
        """Prints what was kept, and how many rows were not."""
        hidden = self._hidden - (len(self._last.rows) if self._last else 0)
        if hidden:
            self._out.print(Text(f"({count(hidden, 'row')} not shown)", style="label"))
        if self._last:
            self._print(self._last)
        self._hidden, self._last = 0, None

    def _print(self, picture: Picture) -> None:
        if picture.rows and picture.lanes != self._lanes:
            self._out.print(text.heads(picture))
            self._lanes = picture.lanes
        for line in text.rows(picture):
            self._out.print(line, no_wrap=True, overflow="ignore", crop=False)
