"""Whether a program sleeps while nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker import processes
from checker.clock import SILENCE, Deadline

if TYPE_CHECKING:
    from checker.scene import Scene, Server

AWAKE = 0.02
"""Seconds of processor in one silence that no program needs which waits in a call."""


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
