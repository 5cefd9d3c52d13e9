"""The ladder of a program that runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from checker.ladder.growing import Growing
from checker.subject import ACTOR
from checker.trace.output import Output
from checker.trace.printer import Printer
from checker.trace.reader import News, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from checker.program import Program
    from checker.timeline import Timeline

TICK = 0.05
"""Seconds from one look at the program's calls to the next."""
NARROWEST = 60
"""Columns that a ladder needs."""


class Live:
    """Prints the steps of the timeline and the program's calls. What was before the last look is
    drawn: a call that was just being recorded then has been recorded by now."""

    def __init__(self, timeline: Timeline, actors: Iterable[str], out: Console) -> None:
        self.changed = time.monotonic()
        self._timeline = timeline
        self._ladder = Growing(actors, max(NARROWEST, out.width))
        self._printer = Printer(out)
        self._reader: Reader | None = None
        self._outputs: list[Output] = []
        self._steps = 0
        self._looked = self._due = time.monotonic()

    def watch(self, program: Program) -> None:
        self._reader = Reader(program, self._timeline.start)
        heard = {"stdout": program.stdout, "stderr": program.stderr}
        self._outputs = [Output(name, what, self._timeline) for name, what in heard.items()]

    def look(self) -> None:
        """To be called whenever anything may have happened; prints every TICK."""
        for output in self._outputs:
            output.look()
        now = time.monotonic()
        if now < self._due:
            return
        for output in self._outputs:
            output.look_again()
        missed = self._tell()
        self._printer.show(self._ladder.grow(self._looked - self._timeline.start), missed)
        self._looked = now
        self._due = time.monotonic() + TICK

    def end(self, how: str) -> None:
        """Prints the rest, and how the program ended."""
        for output in self._outputs:
            output.end()
        self._timeline.step(ACTOR, f"({how})")
        missed = self._tell()
        self._printer.show(self._ladder.end(time.monotonic() - self._timeline.start), missed)
        self._printer.end()

    def _tell(self) -> int:
        """Tells the ladder what is new; returns how many calls nothing is known of."""
        steps = self._timeline.events[self._steps :]
        self._steps += len(steps)
        news = self._reader.read() if self._reader else News({}, [], 0)
        if steps or news.calls:
            self.changed = time.monotonic()
        for number in news.lost:
            self._ladder.lose(number)
        self._ladder.tell(steps, news.calls)
        return news.missed
