"""What the program and the peers did, in one order."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Literal

import msgspec

Kind = Literal["step", "call"]
Mark = Literal["", "blocked", "injected", "failed"]


class Event(msgspec.Struct, frozen=True):
    """One thing that happened. `at`, `until`: seconds since the check began; `actor`: whose lane it
    is. A `call` is one that the observer saw: `answer` is what it returned; it is `blocked` when
    it never did, and `injected` when the lab made it fail."""

    at: float
    actor: str
    text: str
    kind: Kind = "step"
    until: float | None = None
    answer: str = ""
    mark: Mark = ""


class Timeline:
    """The events of one check. The last step is the one that is being tried."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.events: list[Event] = []

    def step(self, actor: str, text: str) -> None:
        """`actor` now does `text`; a failure that follows belongs to this step."""
        at = round(time.monotonic() - self.start, 6)
        self.events.append(Event(at=at, actor=actor, text=text))

    def sentences(self) -> list[str]:
        return [f"{event.actor} {event.text}" for event in self.events if event.kind == "step"]

    def merge(self, calls: Iterable[Event]) -> None:
        """Puts what the observer saw between the steps."""
        self.events = sorted([*self.events, *calls], key=lambda event: event.at)

    def fail(self) -> None:
        """Marks the last step as the one that failed."""
        for index in range(len(self.events) - 1, -1, -1):
            if self.events[index].kind == "step":
                self.events[index] = msgspec.structs.replace(self.events[index], mark="failed")
                return
