"""Where everything of a ladder stands: the one layout that the terminal and the SVG share."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Literal

from checker.timeline import Event

Style = Literal["step", "call", "wait", "fault", "failed", "gap"]

MOST_LANES = 4
TIME_WIDTH = 9
GAP_SECONDS = 0.1
"""Nothing happened for so long: the ladder says so."""


@dataclass(frozen=True)
class Row:
    """One line of cells, a cell per lane; `lane` is the one that acts (-1: none, a gap)."""

    time: str
    lane: int
    cells: tuple[str, ...]
    style: Style


@dataclass(frozen=True)
class Picture:
    """`lanes`: their names; `lane_width`: in characters."""

    lanes: tuple[str, ...]
    lane_width: int
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
    """`columns`: of the whole picture, in characters; `last`: only so many entries of its end."""
    entries = _entries(events)
    if last is not None:
        entries = entries[-last:]
    lanes = _lanes(entries)
    width = (columns - TIME_WIDTH) // max(1, len(lanes)) - 1
    rows: list[Row] = []
    waiting: set[int] = set()
    before: float | None = None
    for entry in entries:
        if before is not None and entry.at - before > GAP_SECONDS:
            text = f"· {(entry.at - before) * 1000:.0f} ms ·"
            rows.append(Row(text, -1, _cells(len(lanes), waiting), "gap"))
        before = entry.at
        lane = _lane(entry.actor, lanes)
        if entry.waiting is not None:
            waiting.discard(lane)
        rows += _rows(entry, lane, lanes, width, waiting)
        if entry.waiting:
            waiting.add(lane)
    return Picture(lanes, width, tuple(rows))


def _entries(events: list[Event]) -> list[_Entry]:
    """A call during which something else happened stands twice: where it began, and where it
    returned."""
    entries: list[_Entry] = []
    for event in events:
        style: Style = "call" if event.kind == "call" else "step"
        if event.mark == "injected":
            style = "fault"
        elif event.mark == "failed":
            style = "failed"
        end = event.until
        if event.kind == "step":
            entries.append(_Entry(event.at, event.actor, event.text, style))
        elif event.mark == "blocked" or end is None:
            text = f"{event.text} … never returned"
            entries.append(_Entry(event.at, event.actor, text, "wait", waiting=True))
        elif _interrupted(event, events):
            entries.append(_Entry(event.at, event.actor, f"{event.text} …", style, waiting=True))
            name = event.text.partition("(")[0]
            text = f"… {name} {event.answer}"
            entries.append(_Entry(end, event.actor, text, style, waiting=False))
        else:
            entries.append(_Entry(event.at, event.actor, f"{event.text} {event.answer}", style))
    return sorted(entries, key=lambda entry: entry.at)


def _interrupted(call: Event, events: list[Event]) -> bool:
    until = call.until or call.at
    return any(call.at < other.at < until and other.actor != call.actor for other in events)


def _lanes(entries: list[_Entry]) -> tuple[str, ...]:
    """The actors in the order in which they appear, programs first; what is too many shares the
    last lane."""
    actors = list(dict.fromkeys(entry.actor for entry in entries))
    actors.sort(key=lambda actor: not actor.startswith("your program"))
    if len(actors) > MOST_LANES:
        return (*actors[: MOST_LANES - 1], "others")
    return tuple(actors)


def _lane(actor: str, lanes: tuple[str, ...]) -> int:
    return lanes.index(actor) if actor in lanes else len(lanes) - 1


def _cells(lanes: int, waiting: set[int]) -> tuple[str, ...]:
    return tuple("│" if lane in waiting else "" for lane in range(lanes))


def _rows(
    entry: _Entry, lane: int, lanes: tuple[str, ...], width: int, waiting: set[int]
) -> list[Row]:
    text = entry.text if entry.actor in lanes else f"{entry.actor} {entry.text}"
    rows = []
    time = f"{entry.at * 1000:.1f} ms"
    for line in textwrap.wrap(text, width, break_long_words=True) or [""]:
        cells = list(_cells(len(lanes), waiting - {lane}))
        cells[lane] = line
        rows.append(Row(time, lane, tuple(cells), entry.style))
        time = ""
    return rows
