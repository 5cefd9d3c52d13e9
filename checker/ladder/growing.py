"""A ladder that grows while things happen: `layout.arrange` for those who cannot wait for the end.

Each row is drawn once, in the order of time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from checker.ladder.layout import (
    Entry,
    Pen,
    Picture,
    Style,
    beginning,
    lanes_of,
    returning,
    unanswered,
    whole,
)
from checker.timeline import Event

PATIENCE = 0.1
"""Seconds after which a call that has not returned is drawn as one that waits."""


@dataclass(frozen=True)
class _Moment:
    """A step, or where the call of that number began or returned."""

    at: float
    event: Event
    call: int | None = None
    returned: bool = False


class Growing:
    """`actors`: those who have a lane from the beginning."""

    def __init__(self, actors: Iterable[str], columns: int = 80) -> None:
        self._actors = list(actors)
        self._pen = Pen(lanes_of(self._actors), columns, folds=True)
        self._steps: list[Event] = []
        self._calls: dict[int, Event] = {}
        self._begun: set[int] = set()
        self._held: dict[int, Event] = {}

    def tell(self, steps: Iterable[Event], calls: Mapping[int, Event]) -> None:
        """`steps`: new ones; `calls`, by their numbers: new ones, and those that have returned."""
        self._steps += steps
        self._calls |= calls

    def lose(self, number: int) -> None:
        """That call has returned, but how, and when, will never be known."""
        if number in self._calls:
            actor = self._forget(number).actor
            if self._held.pop(number, None) is None:
                self._pen.waits_no_more(actor)

    def grow(self, until: float) -> Picture:
        """What has happened up to that time and is not drawn yet."""
        entries = self._entries(until)
        entries += self._split(lambda call: until - call.at >= PATIENCE, "wait")
        return self._picture(entries)

    def end(self, at: float) -> Picture:
        """All that is not drawn yet, at the end of all; what has not returned is said not to."""
        entries = self._entries(math.inf)
        for number, call in self._calls.items():
            if number in self._held:
                entries.append(unanswered(call))
            else:
                name = call.text.partition("(")[0]
                entries.append(Entry(at, call.actor, f"… {name} does not return", "wait"))
        return self._picture(entries)

    def _entries(self, until: float) -> list[Entry]:
        moments = sorted(self._moments(until), key=lambda moment: moment.at)
        self._steps = [step for step in self._steps if step.at > until]
        return [entry for moment in moments for entry in self._drawn(moment)]

    def _moments(self, until: float) -> Iterator[_Moment]:
        for step in self._steps:
            if step.at <= until:
                yield _Moment(step.at, step)
        for number, call in self._calls.items():
            if number not in self._begun and call.at <= until:
                yield _Moment(call.at, call, number)
            if call.until is not None and call.until <= until:
                yield _Moment(call.until, call, number, returned=True)

    def _drawn(self, moment: _Moment) -> Iterator[Entry]:
        """A call that has begun is held back: it is one row when it returns before anything else
        happens."""
        event, number = moment.event, moment.call
        if number is None:
            yield from self._split(lambda _: True)
            yield whole(event)
        elif moment.returned:
            alone = self._held.pop(number, None) is not None
            yield from self._split(lambda call: not alone or call.at < event.at)
            yield whole(event) if alone else returning(event)
            self._forget(number)
        else:
            yield from self._split(lambda call: call.actor != event.actor)
            if event.until is None and event.mark != "blocked":
                yield unanswered(event)
                self._forget(number)
            else:
                self._begun.add(number)
                self._held[number] = event

    def _split(self, which: Callable[[Event], bool], style: Style = "call") -> list[Entry]:
        """Draws the beginnings of calls that were held back."""
        chosen = [number for number, call in self._held.items() if which(call)]
        return [beginning(self._held.pop(number), style) for number in chosen]

    def _forget(self, number: int) -> Event:
        self._begun.discard(number)
        return self._calls.pop(number)

    def _picture(self, entries: list[Entry]) -> Picture:
        self._actors = list(dict.fromkeys([*self._actors, *(entry.actor for entry in entries)]))
        self._pen.lanes = lanes_of(self._actors)
        return self._pen.picture([row for entry in entries for row in self._pen.draw(entry)])
