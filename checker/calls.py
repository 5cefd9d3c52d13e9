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
WAITING = {"select", "pselect", "poll", "ppoll", "epoll_wait", "epoll_pwait"}
SIZE_IS_NO_PAYLOADS = {"bind", "connect", *WAITING}
TELLS_A_NAME = {"gethostname", "getsockname", "getpeername"}
ANSWER = re.compile("(?:^| )(?=(?:->|from|exited|killed|stopped) )")
"""Where, in a record's text, what the call told begins."""
NOT_A_CALL = {"hello"}
"""The observer's own word that it is there."""


def events(recording: Recording, start: float, actor: str) -> Iterator[Event]:
    """`start`: when the timeline began (monotonic clock); a process that the program started has
    a lane of its own, `actor` with a number."""
    lanes: dict[int, str] = {}
    hidden = recording.written - len(recording.records)
    for record in recording.records:
        made = event(record, start, lane_of(record.pid, actor, lanes))
        if made is None:
            continue
        if hidden > 0:
            before = f"({count(hidden, 'call')} before)"
            yield Event(made.at, actor, before, kind="call", until=made.at)
            hidden = 0
        yield made


def lane_of(pid: int, actor: str, lanes: dict[int, str]) -> str:
    """`lanes`: the known ones; the first process has the actor's own."""
    name = actor if not lanes else f"{actor}, child {len(lanes)}"
    return lanes.setdefault(pid, name)


def end(how: str, at: float, lane: str) -> Event:
    """That the program has ended, and how."""
    at = round(at, 6)
    return Event(at, lane, f"({how})", kind="call", until=at)


def event(record: Record, start: float, lane: str) -> Event | None:
    """The one call; None for a record that is none, or that stands in another lane already."""
    if record.call in NOT_A_CALL or record.child:
        return None
    text, answer = told(record)
    return Event(
        at=round(record.entered - start, 6),
        actor=lane,
        text=text,
        kind="call",
        until=None if record.returned is None else round(record.returned - start, 6),
        answer=answer,
        mark="blocked" if record.blocked else "injected" if record.injected else "",
    )


def told(record: Record) -> tuple[str, str]:
    """The call with its arguments, and what it returned: `read(4, 128)`, `= 5 "Hello"`."""
    given, *found = ANSWER.split(record.text, maxsplit=1)
    if record.call in TELLS_A_NAME and given:
        given, found = "", [f"-> {given}"]
    arguments = [str(record.fd)] if record.fd >= 0 else []
    payload = _quoted(record.payload) if record.payload else ""
    if payload and record.call in SENDING:
        arguments.append(payload)
    if record.size and record.call not in SIZE_IS_NO_PAYLOADS:
        arguments.append(str(record.size))
    given = re.sub(r"\b(?:protocol|to) (\S+)$", r"\1", given)
    arguments += given.split(", ") if record.call in WAITING and given else given.split()
    answer = ""
    if record.result is not None:
        answer = f"= {record.error}" if record.error else f"= {record.result}"
    answer += "".join(f" {words}" for words in found).replace(" -> ", " → ")
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
