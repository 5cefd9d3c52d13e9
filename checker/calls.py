"""What the observer recorded, as events of a timeline: each call as a C programmer reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.observer import Record, Recording
from checker.text import count, escape
from checker.timeline import Event

PAYLOAD = 20
"""Characters of a payload that are worth reading in a picture."""

SENDING = {"write", "writev", "send", "sendto", "sendmsg"}
SIZE_IS_NO_PAYLOADS = {"bind", "connect", "select", "pselect"}
NOT_A_CALL = {"hello"}
"""The observer's own word that it is there."""


def events(recording: Recording, start: float, actor: str) -> Iterator[Event]:
    """`start`: when the timeline began (monotonic clock); a process that the program started has
    a lane of its own, `actor` with a number."""
    lanes: dict[int, str] = {}
    hidden = recording.written - len(recording.records)
    if hidden > 0 and recording.records:
        at = round(recording.records[0].entered - start, 6)
        yield Event(at, actor, f"({count(hidden, 'call')} before)", kind="call", until=at)
    for record in recording.records:
        name = actor if not lanes else f"{actor}, child {len(lanes)}"
        lane = lanes.setdefault(record.pid, name)
        if record.call not in NOT_A_CALL and not record.child:
            yield _event(record, start, lane)


def _event(record: Record, start: float, lane: str) -> Event:
    text, answer = told(record)
    return Event(
        at=round(record.entered - start, 6),
        actor=lane,
        text=text,
        kind="call",
        until=None if record.returned is None else round(record.returned - start, 6),
        answer=answer,
        mark="injected" if record.injected else "blocked" if record.blocked else "",
    )


def told(record: Record) -> tuple[str, str]:
    """The call with its arguments, and what it returned: `read(4, 128)`, `= 5 "Hello"`."""
    given, _, found = record.text.partition(" -> ")
    if given.startswith("from "):
        given, found = "", given
    arguments = [str(record.fd)] if record.fd >= 0 else []
    payload = _quoted(record.payload) if record.payload else ""
    if payload and record.call in SENDING:
        arguments.append(payload)
    if record.size and record.call not in SIZE_IS_NO_PAYLOADS:
        arguments.append(str(record.size))
    arguments += re.sub(r"\bprotocol (\d+)", r"\1", given).split()
    answer = ""
    if record.result is not None:
        answer = f"= {record.error}" if record.error else f"= {record.result}"
    if found:
        answer += f" {found}" if found.startswith("from ") else f" → {found}"
    if payload and record.call not in SENDING:
        answer += f" {payload}"
    return f"{record.call}({', '.join(arguments)})", answer


def _quoted(data: bytes) -> str:
    shown = ""
    for index in range(len(data)):
        byte = escape(data[index : index + 1])
        if len(shown + byte) > PAYLOAD:
            return f'"{shown}"…'
        shown += byte
    return f'"{shown}"'
