"""What several scenes look for in a program's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker import calls
from checker.checks.idle import ACCEPT, READ, SELECT
from checker.clock import SILENCE, Deadline

if TYPE_CHECKING:
    from collections.abc import Container

    from checker.experiments.model import Fact
    from checker.observer import Record
    from checker.scene import Scene
    from checker.subject import Subject

SENDS = ("send", "sendto", "sendmsg", "write", "writev")
RECEIVES = ("recv", "recvfrom", "recvmsg", "read", "readv")
WAITS = {*ACCEPT, *READ}


def rests_in(scene: Scene, program: Subject) -> list[Record]:
    """The calls that it, or its children, wait in for SILENCE; none when it has ended.
    CheckFailed: it does neither."""
    program.step("waits, or ends")

    program.must_soon(
        lambda: bool(program.gone() or waiting(program)),
        "a program that the lab sees wait, or end",
        program.describe,
    )
    return [] if ends_soon(scene, program) else waiting(program)


def ends_soon(scene: Scene, program: Subject) -> bool:
    """Whether it ends within SILENCE."""
    over = scene.loop.wait(lambda: bool(program.gone()), silence(program))
    if not over:
        program.step(f"has gone on for {SILENCE * 1000:.0f} ms")
    return over


def waiting(program: Subject) -> list[Record]:
    """The calls that it, or its children, wait in now; none as long as it has not begun."""
    return [call for call in program.program.recording().blocked() if call.call in WAITS]


def silence(program: Subject) -> Deadline:
    """So long that who would do something would have done it."""
    return Deadline(SILENCE, program.program.family())


def written(waits: list[Record]) -> str:
    """As a C programmer reads them: `select(read 3 4)`."""
    return ", ".join(calls.told(call)[0] for call in waits) or "no call"


def kind(waits: list[Record]) -> str:
    """What the program waits for: `accept`, `read`, or both by `select` or the like; or nothing
    of the sort."""
    names = {call.call for call in waits}
    if names and names <= set(SELECT):
        return "select"
    if names and names <= set(ACCEPT):
        return "accept"
    if names and names <= set(READ):
        return "read"
    return ""


def first_error(program: Subject, names: Container[str]) -> Record | None:
    """The first of these calls that failed."""
    return next((call for call in made(program, names) if call.error), None)


def made(program: Subject, names: Container[str]) -> list[Record]:
    """Those of these calls that have returned."""
    records = program.recording().records
    return [call for call in records if call.call in names and call.result is not None]


def over_the_wire(program: Subject, names: Container[str]) -> list[Record]:
    """The same, with the descriptor that the program has connected."""
    connected = {call.fd for call in program.recording().calls("connect")}
    return [call for call in made(program, names) if call.fd in connected]


def took(call: Record) -> float:
    """Seconds from the call's begin to its return."""
    return round((call.returned or call.entered) - call.entered, 6)


def failure(call: Record) -> dict[str, Fact]:
    """The facts about a call that failed."""
    return {
        "the call that failed": call.call,
        "errno": call.error,
        "time until it failed": took(call),
    }
