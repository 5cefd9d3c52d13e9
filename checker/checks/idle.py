"""Whether a program sleeps while nothing happens, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker import processes
from checker.clock import SILENCE, Deadline
from checker.text import count

if TYPE_CHECKING:
    from collections.abc import Container

    from checker.scene import Scene, Server

AWAKE = 0.02
"""Seconds of processor in one silence that no program needs which waits in a call."""

SELECT = ("select", "pselect", "poll", "ppoll", "epoll_wait", "epoll_pwait")
ACCEPT = ("accept", "accept4", *SELECT)
READ = ("read", "readv", "recv", "recvfrom", "recvmsg", *SELECT)


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


def waits_in(scene: Scene, server: Server, calls: Container[str], name: str) -> None:
    """Each of its processes is in one of `calls` (`name`: what a student calls them), and is not
    woken while nobody says anything."""
    program = server.program
    program.step(f"waits in {name}, and wakes up for nothing")

    def waiting() -> set[str]:
        return {call.call for call in program.recording().blocked()}

    wanted = f"a program that waits in {name}"
    program.must_soon(
        lambda: bool(waiting()) and all(call in calls for call in waiting()),
        wanted,
        lambda: f"it waits in {' and '.join(sorted(waiting())) or 'no call'}",
    )
    before = program.recording().written
    scene.loop.wait(lambda: False, Deadline(SILENCE, program.program.family()))
    woken = program.recording().written - before
    program.must(
        woken == 0,
        f"no call in {SILENCE * 1000:.0f} ms in which nobody says anything",
        f"{count(woken, 'call')}: it wakes up again and again, to find nothing to do",
    )
