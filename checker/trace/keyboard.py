"""What the lab types on the standard input of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.clock import Deadline
from checker.trace.ends import quoted

if TYPE_CHECKING:
    from checker.program import Program
    from checker.timeline import Timeline


class Keyboard:
    """Types these lines, each when the program has read the one before. Of a program that reads
    none, nothing is told. `ends`: whether the input ends after the last line."""

    def __init__(
        self, program: Program, lines: list[bytes], ends: bool, timeline: Timeline
    ) -> None:
        self._program = program
        self._ends = ends
        self._timeline = timeline
        self._lines = list(lines)
        self._type()

    def look(self) -> None:
        """Types on, if the program has read."""
        if not self._lines or self._program.ending or self._program.unread_stdin():
            return
        text = f"has typed {quoted(self._lines.pop(0))} on its standard input"
        self._timeline.step("the lab", text)
        if self._lines:
            self._type()
        elif self._ends:
            self._timeline.step("the lab", "ends its standard input")
            self._program.end_stdin()

    def _type(self) -> None:
        self._program.write_stdin(self._lines[0], Deadline(0))
