"""What a late submission costs.

`accept`       nothing; it is only marked
`reject`       everything
`10%/day`      for each day that has begun, so much of the points that were reached
`10%/day,max 50%`   the same, and never more than that

What it costs is rounded down to whole points, in the student's favour."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import msgspec

from checker.source import UnusableSourceError

DAY = 24 * 60 * 60
_GRAMMAR = re.compile(r"(\d{1,3})%/day(?:,\s*max\s*(\d{1,3})%)?")


class Lateness(msgspec.Struct, frozen=True, kw_only=True):
    """Percent for each day, and at most; both of the points that were reached."""

    per_day: int = 0
    most: int = 100

    def penalty(self, points: int, late_seconds: int) -> int:
        """Whole points."""
        days = -(-late_seconds // DAY)
        return points * min(self.per_day * days, self.most) // 100


def parse_late(text: str) -> Lateness:
    """UnusableSourceError tells the grammar."""
    if text in ("accept", "reject"):
        return Lateness(per_day=100 if text == "reject" else 0)
    found = _GRAMMAR.fullmatch(text.strip())
    if not found or max(int(number or 0) for number in found.groups()) > 100:
        known = "accept, reject, 10%/day or 10%/day,max 50%"
        raise UnusableSourceError(f"--late {text}: it is {known}")
    return Lateness(per_day=int(found[1]), most=int(found[2] or 100))


def parse_due(text: str) -> str:
    """ISO 8601 in UTC. Without a zone it is this machine's; without a time, that day's end."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        usual = "2026-11-30 or “2026-11-30 23:59”"
        raise UnusableSourceError(f"--due {text}: write it as {usual}") from error
    if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d", text.strip()):
        moment = datetime.combine(moment, time()) + timedelta(days=1, seconds=-1)
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def late_seconds(handed_in: str, due: str) -> int:
    """0 for what is in time, and for what nobody knows the time of. Both ISO 8601 with a zone."""
    if not handed_in or not due:
        return 0
    passed = datetime.fromisoformat(handed_in) - datetime.fromisoformat(due)
    return max(0, int(passed.total_seconds()))
