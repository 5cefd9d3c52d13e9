"""A server that serves one client, and turns the others away."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from checker import processes, sockets
from checker.text import count

if TYPE_CHECKING:
    from checker.peers.stream import Stream
    from checker.scene import Server

BUSY = b"busy\n"
AT_ONCE = 0.2


def is_turned_away(server: Server, client: Stream) -> None:
    """The client hears `busy` at once, and then the orderly end."""
    client.hears(BUSY, within=AT_ONCE, witnesses=server.program.program.family())
    client.hears_end()
    client.closes()


def held(server: Server) -> int:
    """How many sockets the program has open."""
    found = processes.descriptors(server.program.program.pid).values()
    return sum(what.startswith("socket:") for what in found)


def forgets_client(server: Server, before: int) -> None:
    """The program has closed the socket of a client that has left rudely."""
    server.program.step("closes the descriptor of the client that has gone")
    server.program.must_soon(
        lambda: held(server) == before or bool(server.program.gone()),
        f"a program that holds {count(before, 'socket')}",
        lambda: f"it holds {held(server)}",
    )
    server.program.still_runs()


def listener_waits(server: Server) -> bool:
    """Whether accept on its listener waits for a client when there is none."""
    pid = server.program.program.pid
    listeners = {each.inode for each in sockets.bound_by([pid]) if each.port == server.port}
    held_as = [number for number, what in processes.descriptors(pid).items() if what in listeners]
    return any(not _flags(pid, number) & os.O_NONBLOCK for number in held_as)


def _flags(pid: int, descriptor: int) -> int:
    """How the process has opened it (proc(5), fdinfo)."""
    lines = Path(f"/proc/{pid}/fdinfo/{descriptor}").read_text().splitlines()
    return next(int(line.split()[1], 8) for line in lines if line.startswith("flags:"))
