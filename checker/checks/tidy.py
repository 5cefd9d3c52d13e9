"""Whether a program gives back what it took, seen in its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.failure import CheckSkipped
from checker.text import count

if TYPE_CHECKING:
    from checker.subject import Subject


def frees_every_list(program: Subject) -> None:
    """As many freeaddrinfo as getaddrinfo that succeeded; the program has exited."""
    calls = program.recording()
    made = sum(call.result == 0 for call in calls.calls("getaddrinfo"))
    freed = sum(call.text != "(null)" for call in calls.calls("freeaddrinfo"))
    if not made:
        raise CheckSkipped("your program never calls getaddrinfo: there is no list to free")
    program.step("frees every list that getaddrinfo gave it")
    program.must(
        freed >= made,
        f"{count(made, 'call')} of freeaddrinfo",
        f"{freed} for {count(made, 'list')}: the memory stays taken as long as it runs",
    )


def closes_every_socket(program: Subject) -> None:
    """As many close as socket that succeeded; the program has exited."""
    calls = program.recording()
    made = sum(not call.error for call in calls.calls("socket"))
    closed = len(calls.calls("close"))
    if not made:
        raise CheckSkipped("your program never calls socket: there is none to close")
    program.step("closes every socket that it made")
    program.must(
        closed >= made,
        f"{count(made, 'call')} of close",
        f"{closed} for {count(made, 'socket')}: a descriptor stays taken as long as it runs",
    )
