"""Whether a program sleeps while nothing happens, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker import processes
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.failure import CheckSkipped
from checker.text import count

if TYPE_CHECKING:
    from collections.abc import Container

    from checker.scene import Scene, Server

AWAKE = 0.02
"""Seconds of processor in one silence that no program needs which waits in a call."""

SELECT = ("select", "pselect", "poll", "ppoll", "epoll_wait", "epoll_pwait")
ACCEPT = ("accept", "accept4", *SELECT)
READ = ("read", "readv", "recv", "recvfrom", "recvmsg", *SELECT)
HIDDEN = "your program waits in a call that the lab does not see, perhaps inside a library"


def sleeps(scene: Scene, server: Server) -> None:
    """For SILENCE nobody says anything; one that spins would use the processor all that time."""
    pid = server.program.program.pid
    server.program.step("sleeps while nothing happens")
    before = processes.cpu_seconds(pid)
    scene.loop.wait(lambda: False, Deadline(SILENCE, [pid]))
    used = processes.cpu_seconds(pid) - before
    server.program.must(
        used < AWAKE,
        f"next to no processor time in {SILENCE * 1000:.0f} ms of silence",
        f"{used * 1000:.0f} ms of it: it does not wait, it looks again and again",
    )


def waits_in(
    scene: Scene, server: Server, calls: Container[str], name: str, readers: int = 0
) -> None:
    """The program is in one of `calls` (`name`: what a student calls them), so many children of
    its own are in read, and none of them wakes up while nobody says anything."""
    program = server.program
    where = name + (f", and each of its {readers} children in read" if readers else "")
    program.step(f"waits in {where}, and does not wake up")

    def waiting() -> tuple[list[str], list[str]]:
        """The calls that the program is in, and those that its children are in."""
        recording = program.recording()
        first = recording.records[0].pid if recording.records else 0
        blocked = recording.blocked()
        own = [record.call for record in blocked if record.pid == first]
        return own, [record.call for record in blocked if record.pid != first]

    def in_place(own: list[str], others: list[str]) -> bool:
        return all(call in calls for call in own) and all(call in READ for call in others)

    def complete() -> bool:
        own, others = waiting()
        return bool(own) and len(others) >= readers and in_place(own, others)

    def told() -> str:
        own, others = waiting()
        children = f"; of its children, {len(others)} wait in {_named(others)}" if readers else ""
        return f"it waits in {_named(own)}{children}"

    pids = program.program.family()
    arrived = scene.loop.wait(complete, Deadline(REPLY, pids), CONDITION_POLL)
    before = program.recording().written
    scene.loop.wait(lambda: False, Deadline(SILENCE, pids))
    woken = program.recording().written - before
    if not arrived and in_place(*waiting()) and woken == 0 and not program.gone():
        raise CheckSkipped(HIDDEN)
    program.must(arrived, f"a program that waits in {where}", told())
    program.must(
        woken == 0,
        f"no call in {SILENCE * 1000:.0f} ms in which nobody says anything",
        f"{count(woken, 'call')}: it wakes up again and again, to find nothing to do",
    )


def _named(calls: list[str]) -> str:
    return " and ".join(sorted(set(calls))) or "no call"
