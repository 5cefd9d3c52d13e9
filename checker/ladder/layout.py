"""Where everything of a ladder stands: the one layout that the terminal and the SVG share.

Each lane has a column. What an actor does begins there and may run on to the right, over the lanes
behind it: a row is one line, and the program's calls, which come first, have most room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from checker.timeline import Event

Style = Literal["step", "call", "wait", "fault", "failed", "lab", "gap"]

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
class _Entry:
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
    lanes = _lanes(entries)
    room = columns - TIME_WIDTH - 1
    column = min(WIDEST, (room - LAST_LANE) // max(1, len(lanes) - 1))
    rows: list[Row] = []
    waiting: set[int] = set()
    before = entries[0].at if entries else 0.0
    for entry in entries:
        if entry.at - before > GAP_SECONDS:
            gap = f"· {(entry.at - before) * 1000:.0f} ms ·"
            rows.append(Row("", 0, gap, (), "gap"))
        before = entry.at
        lane = _lane(entry.actor, lanes)
        if entry.waiting is not None:
            waiting.discard(lane)
        known = entry.actor in lanes
        text = entry.text if known else f"{entry.actor.removeprefix(f'{PROGRAM}, ')} {entry.text}"
        text = _cut(text, room - lane * column)
        free = lane * column + len(text)
        shown = (w for w in waiting if w != lane and (w < lane or w * column > free))
        time = f"{entry.at * 1000:.1f} ms"
        rows.append(Row(time, lane, text, tuple(sorted(shown)), entry.style))
        if entry.waiting:
            waiting.add(lane)
    heads = tuple(_cut(lane.removeprefix(f"{PROGRAM}, "), column - 1) for lane in lanes)
    return Picture(heads, column, tuple(rows))


def _entries(events: list[Event]) -> list[_Entry]:
    """A call during which something else happened stands twice: where it began, and where it
    returned."""
    entries: list[_Entry] = []
    for event in events:
        style = _style(event)
        end = event.until
        if event.kind == "step":
            entries.append(_Entry(event.at, event.actor, event.text, style))
        elif event.mark == "blocked" or end is None:
            text = event.text + (" … does not return" if event.mark == "blocked" else "")
            waiting = True if event.mark == "blocked" else None
            entries.append(_Entry(event.at, event.actor, text, "wait", waiting))
        elif _interrupted(event, events):
            entries.append(_Entry(event.at, event.actor, f"{event.text} …", style, waiting=True))
            name = event.text.partition("(")[0]
            text = f"… {name} {event.answer}"
            entries.append(_Entry(end, event.actor, text, style, waiting=False))
        else:
            entries.append(_Entry(event.at, event.actor, f"{event.text} {event.answer}", style))
    return sorted(entries, key=lambda entry: entry.at)


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


def _lanes(entries: list[_Entry]) -> tuple[str, ...]:
    """The actors in the order in which they appear, the program and its children first; what is
    too many shares the last lane."""
    actors = list(dict.fromkeys(e.actor for e in entries if e.actor not in BACKSTAGE))
    actors.sort(key=lambda actor: (not actor.startswith(PROGRAM), actor != PROGRAM))
    if len(actors) > MOST_LANES:
        return (*actors[: MOST_LANES - 1], "others")
    return tuple(actors)


def _lane(actor: str, lanes: tuple[str, ...]) -> int:
    if actor in BACKSTAGE:
        return 0
    return lanes.index(actor) if actor in lanes else len(lanes) - 1


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
