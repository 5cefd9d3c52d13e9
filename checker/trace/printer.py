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

    from checker.ladder.layout import Picture, Row

BURST, PER_SECOND = 200, 50
"""Rows that may come at once, and how many a second may follow."""
FEW = 20
"""Rows that are printed of the beginning and of the end of more than that."""
STEPS = ("step", "lab")
"""Styles of what is not one of the program's calls."""


class Printer:
    """The names of the lanes are printed again whenever the lanes are others."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._lanes: tuple[str, ...] = ()
        self._room = float(BURST)
        self._since = time.monotonic()
        self._hidden = 0
        self._last: Picture | None = None

    def show(self, picture: Picture, missed: int = 0) -> None:
        """Prints the rows, or keeps the last of them until fewer come. `missed`: as many more were
        too fast to be seen."""
        now = time.monotonic()
        self._room = min(BURST, self._room + (now - self._since) * PER_SECOND)
        self._since = now
        rows = picture.rows
        calm = not missed and len(rows) <= self._room
        shown = set(range(len(rows))) if calm else self._chosen(rows)
        if calm or shown:
            self.end()
            self._print(replace(picture, rows=tuple(rows[n] for n in sorted(shown))))
        kept = tuple(row for n, row in enumerate(rows) if n not in shown)
        self._hidden += missed + len(kept)
        if kept:
            self._last = replace(picture, rows=kept[-FEW:])

    def end(self) -> None:
        """Prints what was kept, and how many rows were not."""
        last = self._last.rows if self._last else ()
        if self._hidden > len(last):
            words = f"({count(self._hidden - len(last), 'row')} not shown)"
            self._out.print(Text(words, style="label"))
        if self._last:
            self._print(self._last)
        self._hidden, self._last = 0, None

    def _chosen(self, rows: tuple[Row, ...]) -> set[int]:
        """Of too many: the first ones, and what is not one of the program's calls."""
        first = 0 if self._hidden else FEW
        chosen = [n for n, row in enumerate(rows) if n < first or row.style in STEPS]
        return set(chosen[: max(0, int(self._room))])

    def _print(self, picture: Picture) -> None:
        if picture.rows and picture.lanes != self._lanes:
            self._out.print(text.heads(picture))
            self._lanes = picture.lanes
        self._room -= len(picture.rows)
        for line in text.rows(picture):
            self._out.print(line, no_wrap=True, overflow="ignore", crop=False)
