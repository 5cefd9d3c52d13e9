"""What the program and the peers did, in one order."""

from __future__ import annotations

import time

import msgspec


class Event(msgspec.Struct, frozen=True):
    """One thing that happened. `at`: seconds since the check began; `actor`: whose lane it is."""

    at: float
    actor: str
    text: str


class Timeline:
    """The events of one check. The last one is the step that is being tried."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self.events: list[Event] = []

    def step(self, actor: str, text: str) -> None:
        """`actor` now does `text`; a failure that follows belongs to this step."""
        at = round(time.monotonic() - self._start, 6)
        self.events.append(Event(at=at, actor=actor, text=text))

    def sentences(self) -> list[str]:
        return [f"{event.actor} {event.text}" for event in self.events]
