"""A server with a process for each client, seen from outside: who lives, and who holds what."""

from __future__ import annotations

import os
from contextlib import contextmanager
from signal import SIGCONT, SIGSTOP
from typing import TYPE_CHECKING

from checker import processes, sockets
from checker.checks.echo import exchanges

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
