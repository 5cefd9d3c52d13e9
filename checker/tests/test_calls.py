"""Recorded calls, as a C programmer reads them."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checker.calls import PAYLOAD, end, events, told
from checker.observer import Record, Recording
from checker.timeline import Event

PROGRAM, CHILD = 3, 4
START = 1000.0


NOTHING = Record(
    sequence=1,
    call="",
    pid=PROGRAM,
    tid=PROGRAM,
    entered=START,
    returned=START,
    fd=-1,
    size=0,
    result=0,
    error="",
    text="",
    payload=b"",
    blocked=False,
    injected=False,
    late=False,
    child=False,
)


def record(call: str, **fields: Any) -> Record:
    """A call that returned 0 at once, unless `fields` say otherwise."""
    return msgspec.structs.replace(NOTHING, call=call, **fields)


def unfinished(call: str, **fields: Any) -> Record:
    return record(call, returned=None, result=None, blocked=True, **fields)


def told_of(*records: Record, before: int = 0) -> list[Event]:
    """The events of a recording that has lost the `before` calls before these records."""
    made = Recording(
        list(records),
        seen=True,
        written=before + len(records),
        wrapped=False,
        lost=0,
        refused="",
        counts=[],
    )
    return list(events(made, START, "your program"))


# One call in words


@pytest.mark.parametrize(
    ("made", "call", "answer"),
    [
        (record("socket", text="AF_INET SOCK_STREAM", result=3), "AF_INET, SOCK_STREAM", "= 3"),
        (record("socket", text="AF_INET SOCK_DGRAM protocol 17"), "AF_INET, SOCK_DGRAM, 17", "= 0"),
        (record("bind", fd=3, size=16, text="0.0.0.0:80"), "3, 0.0.0.0:80", "= 0"),
        (record("accept", fd=3, text="from 10.0.0.1:9", result=4), "3", "= 4 from 10.0.0.1:9"),
        (record("close", fd=4, result=-1, error="EBADF"), "4", "= EBADF"),
        (record("read", fd=4, size=128, payload=b"Hi", result=2), "4, 128", '= 2 "Hi"'),
        (record("write", fd=4, size=2, payload=b"Hi", result=2), '4, "Hi", 2', "= 2"),
        (record("send", fd=4, size=9, result=-1, error="EPIPE"), "4, 9", "= EPIPE"),
        (
            record("sendto", fd=3, size=2, text="MSG_DONTWAIT to 10.0.0.1:9", payload=b"Hi"),
            '3, "Hi", 2, MSG_DONTWAIT, 10.0.0.1:9',
            "= 0",
        ),
        (
            record("recvfrom", fd=3, size=9, text="MSG_PEEK from 10.0.0.1:9", payload=b"Hi"),
            "3, 9, MSG_PEEK",
            '= 0 from 10.0.0.1:9 "Hi"',
        ),
        (
            record("select", size=5, text="read 3,4, timeout 5 ms -> read 4", result=1),
            "read 3,4, timeout 5 ms",
            "= 1 → read 4",
        ),
        (
            record("poll", size=2, text="3 POLLIN, 4 POLLIN -> 3 POLLIN, 4 POLLHUP", result=2),
            "3 POLLIN, 4 POLLIN",
            "= 2 → 3 POLLIN, 4 POLLHUP",
        ),
        (record("select", result=-1, error="EINTR"), "", "= EINTR"),
        (record("waitpid", text="-1 WNOHANG exited 3", result=9), "-1, WNOHANG", "= 9 exited 3"),
        (record("wait", text="killed by SIGKILL", result=9), "", "= 9 killed by SIGKILL"),
        (record("gethostname", size=65, text="tejo"), "65", "= 0 → tejo"),
        (record("getsockname", fd=3, text="10.0.0.1:9"), "3", "= 0 → 10.0.0.1:9"),
        (record("getsockname", fd=3, result=-1, error="ENOTSOCK"), "3", "= ENOTSOCK"),
        (record("getaddrinfo", text="tejo 80 -> 10.0.0.1:80"), "tejo, 80", "= 0 → 10.0.0.1:80"),
        (record("getaddrinfo", text="tejo 80", result=-2, error="EAI_NONAME"), "tejo, 80", None),
        (record("socketpair", text="AF_UNIX SOCK_STREAM -> 3,4"), "AF_UNIX, SOCK_STREAM", None),
    ],
)
def test_a_call_is_told_with_its_arguments_and_what_it_returned(
    made: Record, call: str, answer: str | None
) -> None:
    text, said = told(made)
    assert text == f"{made.call}({call})"
    assert answer is None or said == answer


def test_a_call_that_has_not_returned_has_no_answer() -> None:
    assert told(unfinished("accept", fd=3)) == ("accept(3)", "")


def test_bytes_are_escaped_as_in_c() -> None:
    text, _ = told(record("write", fd=4, size=5, payload=b'a"\n\0\xff'))
    assert text == r'write(4, "a\"\n\0\xff", 5)'


def test_a_long_payload_is_cut_between_two_bytes() -> None:
    assert told(record("read", payload=b"x" * 64))[1] == f'= 0 "{"x" * PAYLOAD}"…'
    assert told(record("read", payload=b"x" * PAYLOAD))[1] == f'= 0 "{"x" * PAYLOAD}"'
    cut = told(record("read", payload=b"\xff" * 6))[1]
    assert cut == r'= 0 "\xff\xff\xff\xff\xff"…'


# Many calls in a timeline


def test_an_event_tells_when_its_call_began_and_returned() -> None:
    [event] = told_of(record("listen", fd=3, text="5", entered=START + 0.25, returned=START + 0.5))
    assert event == Event(
        at=0.25, actor="your program", text="listen(3, 5)", kind="call", until=0.5, answer="= 0"
    )


def test_the_observers_own_word_is_no_call() -> None:
    assert told_of(record("hello", text="program")) == []


def test_a_call_that_never_returned_is_marked() -> None:
    [event] = told_of(unfinished("accept", fd=3))
    assert (event.mark, event.until) == ("blocked", None)


def test_a_call_that_the_lab_made_fail_is_marked() -> None:
    [event] = told_of(record("accept", fd=3, result=-1, error="EINTR", injected=True))
    assert (event.mark, event.answer) == ("injected", "= EINTR")


def test_a_shortened_call_that_waits_for_ever_is_told_as_waiting() -> None:
    [event] = told_of(unfinished("read", fd=4, size=128, injected=True))
    assert event.mark == "blocked"


def test_a_call_that_is_not_meant_to_return_is_not_marked() -> None:
    [event] = told_of(record("_exit", text="3", returned=None, result=None))
    assert (event.text, event.mark, event.answer) == ("_exit(3)", "", "")


def test_each_child_has_a_lane_of_its_own() -> None:
    made = told_of(
        record("hello"),
        record("read", pid=PROGRAM),
        record("read", pid=CHILD),
        record("read", pid=CHILD + 1),
        record("write", pid=CHILD),
    )
    children = "your program, child 1", "your program, child 2", "your program, child 1"
    assert [event.actor for event in made] == ["your program", *children]


def test_forks_return_in_the_child_is_not_told_twice() -> None:
    made = told_of(record("fork", result=CHILD), record("fork", pid=CHILD, child=True))
    assert [(event.actor, event.text) for event in made] == [("your program", "fork()")]


def test_how_many_calls_are_not_shown_stands_before_the_first_that_is() -> None:
    hello, read = record("hello"), record("read", fd=4, entered=START + 2, returned=START + 2)
    first, second = told_of(hello, read, before=1234)
    assert (first.text, first.at, first.until) == ("(1,234 calls before)", 2, 2)
    assert second.text == "read(4)"


def test_nothing_is_missing_before_the_first_call() -> None:
    assert [event.text for event in told_of(record("hello"), record("fork"))] == ["fork()"]


def test_how_the_program_ended_stands_among_its_calls() -> None:
    ended = end("exited with status 3", 0.5, "your program")
    assert (ended.kind, ended.at, ended.until) == ("call", 0.5, 0.5)
    assert ended.text == "(exited with status 3)"
