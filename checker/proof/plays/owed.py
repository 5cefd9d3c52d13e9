"""What every program owes, whatever goes wrong in its calls."""

from __future__ import annotations

import ctypes
import errno
import os

from checker.failure import CheckFailed
from checker.observer import Record
from checker.proof.plans import PASSING, Plan
from checker.scene import Scene
from checker.subject import Subject
from checker.text import compare, describe

RESOLVER = ("getaddrinfo", "getnameinfo")
NO_LOSS = ("close", "waitpid", "wait", "wait4")
"""Calls whose failure loses no byte."""

CALLS_EACH = 200
"""So many calls at the most move the bytes of one client: the observer's ring holds them all."""
STREAM = 40_000
"""Bytes that a connection's buffers hold, also when nobody reads."""
DATAGRAM = 60_000


def size_of(scene: Scene, plan: Plan, most: int) -> int:
    """Bytes of one client: few or many, small sizes as likely as large ones."""
    most = min(most, plan.least * CALLS_EACH)
    return int((most + 1) ** scene.random.random()) - 1


def demand_bytes(program: Subject, right: bytes, got: bytes, whole: bool = False) -> None:
    """`got` is the beginning of what is right, or the `whole` of it."""
    program.step(f"gives {describe(right)}" + ("" if whole else ", or a beginning of it"))
    if got != right if whole else not right.startswith(got):
        raise CheckFailed(*compare(right, got))


def has_given_up(program: Subject) -> None:
    """It has ended by itself, saying which call failed, with status 1."""
    ending = program.exits()
    program.step("has given up, and said why")
    program.must(ending.status == 1, "exit status 1", program.describe())
    complaints = complains_truly(program)
    program.must(complaints > 0, "`error: CALL: REASON` on standard error", "nothing")


def complains_truly(program: Subject) -> int:
    """Each line on standard error names a call that has failed, and why; how many they are."""
    program.step("complains of nothing but calls that have failed")
    calls = [call for call in program.recording().records if call.error]
    true = {f"error: {call.call}: {_reason(call)}" for call in calls}
    lines = bytes(program.program.stderr).decode(errors="replace").splitlines()
    wanted = " or ".join(f"`{line}`" for line in sorted(true)) or "no complaint"
    program.must(set(lines) <= true, wanted, "\n".join(lines))
    return len(lines)


def _reason(call: Record) -> str:
    if call.call in RESOLVER:
        text = ctypes.CDLL(None).gai_strerror
        text.restype = ctypes.c_char_p
        return bytes(text(call.result)).decode()
    return os.strerror(getattr(errno, call.error, 0))


def losses(program: Subject) -> list[Record]:
    """The failures that may cost a client its connection or its answer."""
    return [
        call
        for call in program.recording().records
        if call.injected
        and call.error
        and call.call not in NO_LOSS
        and (call.error not in PASSING or call.call == "fork")
    ]
