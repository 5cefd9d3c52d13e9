"""Times as people write them."""

from __future__ import annotations

from datetime import UTC, datetime


def moment(iso: str) -> str:
    """`2026-03-01 23:59 UTC`; a text that is no time stays as it is."""
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return f"{when:%Y-%m-%d %H:%M} UTC"


def span(seconds: int) -> str:
    """`3 days 2 h`, `2 h 5 min`, `45 s`: the two largest units."""
    if seconds < 60:
        return f"{seconds} s"
    days, rest = divmod(seconds, 86400)
    hours, minutes = rest // 3600, rest % 3600 // 60
    units = [(days, " day" if days == 1 else " days"), (hours, " h"), (minutes, " min")]
    told = [f"{number}{unit}" for number, unit in units if number]
    return " ".join(told[:2])
