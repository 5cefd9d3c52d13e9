"""A server with a process for each client, seen from outside: who lives, and who holds what."""

from __future__ import annotations

import os
from contextlib import contextmanager
from signal import SIGCONT, SIGSTOP
from typing import TYPE_CHECKING

from checker import processes, sockets
from checker.checks.echo import exchanges
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.peers.stream import Stream
    from checker.scene import Scene, Server


def served(scene: Scene, server: Server, size: int) -> list[Stream]:
    """So many clients at once. The listener's queue connects clients that nobody serves: only an
    echo tells."""
    clients = []
    for _ in range(size):
        clients.append(scene.connect(server))
        exchanges(scene, clients[-1])
    return clients


def family(server: Server) -> tuple[int, list[int]]:
    """The process that was started, and those that it started, zombies too."""
    parent = server.program.program.pid
    return parent, [pid for pid in server.program.program.family() if pid != parent]


def living(server: Server) -> list[int]:
    return [pid for pid in family(server)[1] if processes.state(pid) not in ("Z", "")]


def zombies(server: Server) -> list[int]:
    return [pid for pid in family(server)[1] if processes.state(pid) == "Z"]


def has_open(pid: int, server: Server, client: Stream) -> bool:
    """Whether that process holds the server's end of the client's connection."""
    inode = sockets.connection(server.port, client.port())
    return bool(inode) and inode in processes.descriptors(pid).values()


def child_of(server: Server, client: Stream) -> int:
    """The child that serves this client."""
    found = [pid for pid in family(server)[1] if has_open(pid, server, client)]
    server.program.must(bool(found), f"a child that serves {client.name}", "none")
    return found[-1]


def lets_go(server: Server, clients: list[Stream]) -> None:
    """The parent closes its copies of the clients' descriptors. A child may be quicker, and echo
    before its parent has come to that."""
    parent, _ = family(server)
    server.program.step("has no client's connection open in the parent")

    def kept() -> int:
        return sum(has_open(parent, server, client) for client in clients)

    server.program.must_soon(
        lambda: kept() == 0,
        "no client's descriptor in the process that called fork",
        lambda: f"it has {kept()} of the {len(clients)} still open",
    )


def borrow_memory(server: Server) -> bool:
    """Whether a child came from vfork and started no program. It would use its parent's memory,
    and its parent would wait; only the observer makes vfork the same as fork."""
    recording = server.program.program.recording()
    started = {call.pid for call in recording.calls("execve")}
    return any(call.child and call.pid not in started for call in recording.calls("vfork"))


def all_sleep(scene: Scene, server: Server) -> None:
    """For SILENCE nobody says anything, and none of its processes has anything to do."""
    pids = server.program.program.family()
    scene.loop.wait(
        lambda: all(processes.state(pid) == "S" for pid in pids), Deadline(REPLY), CONDITION_POLL
    )
    server.program.step("sleeps in every process")
    before = [processes.awake_seconds(pid) for pid in pids]
    scene.loop.wait(lambda: False, Deadline(SILENCE))
    awake = max(processes.awake_seconds(pid) - was for pid, was in zip(pids, before, strict=True))
    server.program.must(
        awake < SILENCE / 4,
        f"every process asleep for {SILENCE * 1000:.0f} ms in which nobody says anything",
        f"one that was awake for {awake * 1000:.0f} ms of them",
    )


@contextmanager
def stopped(server: Server, pid: int) -> Iterator[None]:
    """That child gets no processor while the block runs."""
    server.program.step("has that child stopped for a moment (SIGSTOP)")
    os.kill(pid, SIGSTOP)
    server.program.must_soon(
        lambda: processes.state(pid) in ("T", ""), "a stopped child", lambda: "it runs on"
    )
    yield
    os.kill(pid, SIGCONT)
