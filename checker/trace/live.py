"""The ladder of a program that runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from checker import calls
from checker.ladder.growing import Growing
from checker.observer import CAPACITY
from checker.subject import ACTOR
from checker.trace.output import Output
from checker.trace.printer import Printer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from checker.program import Program
    from checker.timeline import Event, Timeline

TICK = 0.05
"""Seconds from one look at the program's calls to the next."""
LATEST = 1000
"""Calls that one look takes: to decode one takes 10 microseconds."""
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
        self._program: Program | None = None
        self._outputs: list[Output] = []
        self._lanes: dict[int, str] = {}
        self._steps = 0
        self._newest = 0
        self._seen: set[int] = set()
        self._looked = self._due = time.monotonic()

    def watch(self, program: Program) -> None:
        self._program = program
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
        self._tell()
        self._printer.show(self._ladder.grow(self._looked - self._timeline.start))
        self._looked = now
        self._due = time.monotonic() + TICK

    def end(self) -> None:
        """Prints the rest."""
        for output in self._outputs:
            output.end()
        self._tell()
        self._printer.show(self._ladder.end(time.monotonic() - self._timeline.start))
        self._printer.end()

    def _tell(self) -> None:
        steps = self._timeline.events[self._steps :]
        self._steps += len(steps)
        made = self._calls()
        if steps or made:
            self.changed = time.monotonic()
        self._ladder.tell(steps, made)

    def _calls(self) -> dict[int, Event]:
        """Those that are new or have returned."""
        if self._program is None:
            return {}
        unfinished = set(self._ladder.unfinished())
        taken = LATEST
        if any(self._newest - CAPACITY < number <= self._newest - LATEST for number in unfinished):
            taken = CAPACITY
        recording = self._program.recording(taken)
        made: dict[int, Event] = {}
        for record in recording.records:
            number = record.sequence
            lane = calls.lane_of(record.pid, ACTOR, self._lanes)
            if number not in self._seen or (number in unfinished and not record.blocked):
                event = calls.event(record, self._timeline.start, lane)
                made |= {number: event} if event else {}
            self._seen.add(number)
        self._printer.hide(max(0, recording.written - taken - self._newest))
        self._newest = recording.written
        self._seen = {number for number in self._seen if number > self._newest - CAPACITY}
        return made
