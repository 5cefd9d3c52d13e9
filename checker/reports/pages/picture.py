"""The ladder of a failure: what happened around the step that failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from checker import ladder
from checker.ladder.layout import Picture, Row
from checker.reports.pages.visible import line, visible
from checker.results import CheckResult

COLUMNS = 96
BEFORE, AFTER = 40, 20
"""Rows that are shown before and after the one that failed."""
REPEATED = 3
"""So many equal rows, one after the other, are told as one and a number."""


@dataclass(frozen=True)
class Drawn:
    """`svg` is empty where there is nothing to see."""

    svg: Markup
    caption: str


def draw(check: CheckResult, name: str) -> Drawn:
    """`name`: no other picture of the page has it. Empty if the observer saw no call."""
    if not any(event.kind == "call" for event in check.timeline):
        return Drawn(Markup(), "")
    whole = ladder.layout.arrange(check.timeline, COLUMNS)
    told = _folded(whole.rows)
    shown = _around_failure(told)
    part = f" ({len(shown)} of {len(told)} rows)" if len(shown) < len(told) else ""
    picture = Picture(
        tuple(visible(lane) for lane in whole.lanes),
        whole.column,
        tuple(replace(row, text=visible(line(row.text))) for row in shown),
    )
    title = visible(f"What happened: {check.title}")
    return Drawn(Markup(ladder.svg.part(picture, title, name)), f"What happened{part}")


def _folded(rows: tuple[Row, ...]) -> list[Row]:
    """A program that spins makes one call over and over."""
    folded: list[Row] = []
    for _, group in groupby(rows, key=lambda row: (row.lane, row.text, row.style, row.waiting)):
        same = list(group)
        if len(same) <= REPEATED:
            folded += same
        else:
            again = f"· {len(same) - 1:,} times more ·"
            folded += [same[0], replace(same[-1], text=again, style="gap")]
    return folded


def _around_failure(rows: list[Row]) -> list[Row]:
    failed = [number for number, row in enumerate(rows, start=1) if row.style == "failed"]
    here = failed[-1] if failed else len(rows)
    return rows[max(0, here - BEFORE) : here + AFTER]
