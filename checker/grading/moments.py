"""Moments that strangers tell: ISO 8601 in UTC, so that the order of the text is that of time."""

from __future__ import annotations

from datetime import UTC, datetime


def of_text(told: str) -> str:
    """From ISO 8601, in UTC unless it names another zone; "" when it is no moment."""
    try:
        moment = datetime.fromisoformat(told)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return ""


def of_seconds(since_epoch: float) -> str:
    """From a file's time, which whoever unpacked it may have from the stranger; "" when no
    calendar has it."""
    try:
        return datetime.fromtimestamp(int(since_epoch), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""
