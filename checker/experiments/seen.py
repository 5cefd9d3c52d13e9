"""What several scenes look for in a program's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.checks.idle import ACCEPT, READ, SELECT
from checker.clock import SILENCE, Deadline

if TYPE_CHECKING:
    from collections.abc import Container

    from checker.observer import Record
    from checker.scene import Scene
    from checker.subject import Subject

SENDS = ("send", "sendto", "sendmsg", "write", "writev")
RECEIVES = ("recv", "recvfrom", "recvmsg", "read", "readv")
__all__ = ["ACCEPT", "READ", "RECEIVES", "SELECT", "SENDS", "first_error", "settles", "waits_in"]


def first_error(program: Subject, calls: Container[str]) -> Record | None:
    """The first of these calls that failed."""
    records = program.recording().records
    return next((each for each in records if each.call in calls and each.error), None)


def settles(scene: Scene, program: Subject, calls: Container[str]) -> Record | None:
    """Waits until the program waits in one of these calls, and goes on to wait in it for SILENCE;
    None when it ends instead. CheckFailed: it does neither."""
    program.step("waits, or ends")

    def waits_or_is_over() -> bool:
        return bool(program.gone()) or waits_in(program, calls) is not None

    program.must_soon(waits_or_is_over, "a program that waits or ends", program.describe)
    before = waits_in(program, calls)
    scene.loop.wait(lambda: bool(program.gone()), Deadline(SILENCE, program.program.family()))
    now = None if program.gone() else waits_in(program, calls)
    if before is None or now is None or program.gone():
        return None
    return now


def waits_in(program: Subject, calls: Container[str]) -> Record | None:
    """The call among these that it is in."""
    blocked = program.recording().blocked()
    return next((each for each in blocked if each.call in calls), None)
