"""Where everything of a ladder stands: the one layout that the terminal and the SVG share.

Each lane has a column. What an actor does begins there and may run on to the right, over the lanes
behind it: a row is one line, and the program's calls, which come first, have most room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

from checker.timeline import Event

Style = Literal["step", "call", "wait", "fault", "failed", "lab", "gap"]

MARKS: dict[Style, str] = {"fault": "! ", "failed": "✗ "}
"""Before the row of a call that the lab made fail, and of the step that failed."""

PROGRAM = "your program"
BACKSTAGE = ("the lab", "the network", "nobody")
"""Who has no lane: what they do is told across the picture."""

MOST_LANES = 5
TIME_WIDTH = 10
LAST_LANE = 26
"""Characters that the last lane has at least, and the widest column of another."""
WIDEST = 18
GAP_SECONDS = 0.1
"""Nothing happened for so long: the ladder says so."""
MOST_SECONDS = 99.9
"""More have no room as milliseconds."""


@dataclass(frozen=True)
class Row:
    """One line. `lane`: whose `text` it is; `waiting`: the lanes that show, in this row, that
    they wait in a call."""

    time: str
    lane: int
    text: str
    waiting: tuple[int, ...]
    style: Style


@dataclass(frozen=True)
class Picture:
    """`lanes`: their names; `column`: characters from one lane to the next."""

    lanes: tuple[str, ...]
    column: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Entry:
    """Something to draw at one moment. `waiting`: from here on (True) or no more (False)."""

    at: float
    actor: str
    text: str
    style: Style
    waiting: bool | None = None


def arrange(events: list[Event], columns: int = 80, last: int | None = None) -> Picture:
    """`columns`: of the whole picture, in characters; `last`: only so many rows of its end."""
    entries = _entries(events)
    if last is not None:
        entries = entries[-last:]
    pen = Pen(lanes_of(entry.actor for entry in entries), columns)
    return pen.picture([row for entry in entries for row in pen.draw(entry)])


class Pen:
    """Draws entries, one after the other. What it has drawn tells who waits, and how long nothing
    has happened. `lanes` may change between two entries; `folds`: what is too long goes on in the
    next row, and is not cut."""

    def __init__(self, lanes: tuple[str, ...], columns: int, folds: bool = False) -> None:
        self.lanes = lanes
        self._folds = folds
        self._room = columns - TIME_WIDTH - 1
        self._waiting: set[str] = set()
        self._before: float | None = None

    def picture(self, rows: Iterable[Row]) -> Picture:
        column = self._column()
        heads = (_cut(lane.removeprefix(f"{PROGRAM}, "), column - 1) for lane in self.lanes)
        return Picture(tuple(heads), column, tuple(rows))

    def draw(self, entry: Entry) -> Iterator[Row]:
        quiet = 0.0 if self._before is None else entry.at - self._before
        if quiet > GAP_SECONDS:
            yield Row("", 0, f"· {quiet * 1000:.0f} ms ·", (), "gap")
        self._before = entry.at
        if entry.waiting is not None:
            self.waits_no_more(entry.actor)
        known = entry.actor in self.lanes
        text = entry.text if known else f"{entry.actor.removeprefix(f'{PROGRAM}, ')} {entry.text}"
        text = MARKS.get(entry.style, "") + text
        lane, column = self._lane(entry.actor), self._column()
        waiting = sorted({self._lane(actor) for actor in self._waiting} - {lane})
        time = _time(entry.at)
        for part in self._fit(text, self._room - lane * column):
            free = lane * column + len(part)
            shown = (w for w in waiting if w < lane or w * column > free)
            yield Row(time, lane, part, tuple(shown), entry.style)
            time = ""
        if entry.waiting:
            self._waiting.add(entry.actor)

    def waits_no_more(self, actor: str) -> None:
        self._waiting.discard(actor)

    def _fit(self, text: str, width: int) -> list[str]:
        if self._folds:
            return wrap(text, width, drop_whitespace=False, break_on_hyphens=False)
        return [_cut(text, width)]

    def _column(self) -> int:
        return min(WIDEST, (self._room - LAST_LANE) // max(1, len(self.lanes) - 1))

    def _lane(self, actor: str) -> int:
        if actor in BACKSTAGE:
            return 0
        return self.lanes.index(actor) if actor in self.lanes else len(self.lanes) - 1


def _entries(events: list[Event]) -> list[Entry]:
    """A call during which something else happened stands twice: where it began, and where it
    returned."""
    entries: list[Entry] = []
    for event in events:
        if event.kind == "step":
            entries.append(whole(event))
        elif event.mark == "blocked" or event.until is None:
            entries.append(unanswered(event))
        elif _interrupted(event, events):
            entries += [beginning(event, _style(event)), returning(event)]
        else:
            entries.append(whole(event))
    return sorted(entries, key=lambda entry: entry.at)


def whole(event: Event) -> Entry:
    return Entry(event.at, event.actor, f"{event.text} {event.answer}".rstrip(), _style(event))


def beginning(call: Event, style: Style) -> Entry:
    return Entry(call.at, call.actor, f"{call.text} …", style, waiting=True)


def returning(call: Event) -> Entry:
    at = call.at if call.until is None else call.until
    text = f"… {call.text.partition('(')[0]} {call.answer}"
    return Entry(at, call.actor, text, _style(call), waiting=False)


def unanswered(call: Event) -> Entry:
    """A call that is blocked, or one such as exit, which nobody expects to return."""
    if call.mark == "blocked":
        return Entry(call.at, call.actor, f"{call.text} … does not return", "wait", waiting=True)
    return Entry(call.at, call.actor, call.text, "wait")


def _style(event: Event) -> Style:
    if event.mark == "injected":
        return "fault"
    if event.mark == "failed":
        return "failed"
    if event.actor in BACKSTAGE:
        return "lab"
    return "call" if event.kind == "call" else "step"


def _interrupted(call: Event, events: list[Event]) -> bool:
    until = call.until or call.at
    return any(call.at < other.at < until and other.actor != call.actor for other in events)


def lanes_of(actors: Iterable[str]) -> tuple[str, ...]:
    """The actors in the order in which they appear, the program and its children first; what is
    too many shares the last lane."""
    on_stage = list(dict.fromkeys(actor for actor in actors if actor not in BACKSTAGE))
    on_stage.sort(key=lambda actor: (not actor.startswith(PROGRAM), actor != PROGRAM))
    if len(on_stage) > MOST_LANES:
        return (*on_stage[: MOST_LANES - 1], "others")
    return tuple(on_stage)


def _time(at: float) -> str:
    return f"{at * 1000:.1f} ms" if at < MOST_SECONDS else f"{at:.1f} s"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
