"""What the program prints, as steps of the timeline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checker.subject import ACTOR
from checker.text import count, describe, escape
from checker.trace.ends import WHOLE

if TYPE_CHECKING:
    from checker.timeline import Timeline

AT_ONCE = 200
"""Lines that are told when many come together."""


class Output:
    """Tells what has been `heard` line by line."""

    def __init__(self, name: str, heard: bytearray, timeline: Timeline) -> None:
        self._name = name
        self._heard = heard
        self._timeline = timeline
        self._told = 0
        self._before = 0

    def look(self) -> None:
        """Tells the lines that are whole."""
        self._tell(self._heard.rfind(b"\n", self._told) + 1)

    def look_again(self) -> None:
        """Also what may become a line, when nothing has come since the last time."""
        if len(self._heard) == self._before:
            self.end()
        self._before = len(self._heard)

    def end(self) -> None:
        """Tells all of it."""
        self._tell(len(self._heard))

    def _tell(self, end: int) -> None:
        lines = re.findall(rb"[^\n]*\n|[^\n]+", self._heard[self._told : end])
        self._told = max(self._told, end)
        for line in lines[:AT_ONCE]:
            shown = f'"{escape(line)}"' if len(line) <= WHOLE else describe(line)
            self._timeline.step(ACTOR, f"{self._name}: {shown}")
        if len(lines) > AT_ONCE:
            more = count(len(lines) - AT_ONCE, "line")
            self._timeline.step(ACTOR, f"{self._name}: … {more} more")
