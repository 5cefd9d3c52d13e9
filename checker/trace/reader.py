"""Reads the calls of a program that runs: each when it is new, and again when it has returned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker import calls
from checker.observer import CAPACITY
from checker.subject import ACTOR

if TYPE_CHECKING:
    from checker.observer import Record
    from checker.program import Program
    from checker.timeline import Event

LATEST = 1000
"""Calls that are read at a time: to decode one takes 10 microseconds."""


@dataclass(frozen=True)
class News:
    """`calls`: by their numbers; `lost`: those of whose return nothing will be known; `missed`: how
    many were overwritten before they were read."""

    calls: dict[int, Event]
    lost: list[int]
    missed: int


class Reader:
    """`start`: when the timeline began."""

    def __init__(self, program: Program, start: float) -> None:
        self._program = program
        self._start = start
        self._lanes: dict[int, str] = {}
        self._read: set[int] = set()
        self._newest = 0
        self._waiting: dict[int, int] = {}
        """Calls that have not returned → the thread that made them."""
        self._last: dict[int, int] = {}
        """Threads → the last call of each."""

    def read(self) -> News:
        old = [number for number in self._waiting if number <= self._newest - LATEST]
        size = CAPACITY if any(number > self._newest - CAPACITY for number in old) else LATEST
        recording = self._program.recording(size)
        new = [record for record in recording.records if self._is_new(record)]
        made = {record.sequence: event for record in new if (event := self._event(record))}
        missed = max(0, recording.written - size - self._newest)
        self._newest = recording.written
        kept = self._newest - CAPACITY
        self._read = {number for number in self._read if number > kept}
        # A thread that has called something since does not wait in a call from before.
        lost = [n for n, tid in self._waiting.items() if n <= kept and n < self._last[tid]]
        for number in lost:
            del self._waiting[number]
        return News(made, lost, missed)

    def _is_new(self, record: Record) -> bool:
        if record.sequence in self._read:
            return record.sequence in self._waiting and not record.blocked
        return True

    def _event(self, record: Record) -> Event | None:
        number = record.sequence
        self._read.add(number)
        self._waiting.pop(number, None)
        if record.blocked:
            self._waiting[number] = record.tid
        self._last[record.tid] = max(number, self._last.get(record.tid, 0))
        lane = calls.lane_of(record.pid, ACTOR, self._lanes)
        return calls.event(record, self._start, lane)
