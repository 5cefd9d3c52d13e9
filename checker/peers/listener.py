"""A TCP server for a program that is a client."""

from __future__ import annotations

import select
import selectors
import socket
from typing import TYPE_CHECKING

from checker.clock import REPLY, SILENCE, Deadline
from checker.failure import CheckFailed
from checker.peers.echo import Echo
from checker.peers.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.loop import Loop
    from checker.timeline import Timeline

NARROW = 4096
"""Bytes asked for a small buffer; the kernel gives twice as much (socket(7), SO_SNDBUF)."""
SEGMENT = 536
"""Bytes of payload in a small segment (RFC 9293, 3.7.1). The program's buffers shrink with it."""


class Listener:
    """Listens on one address. `gone`: tells what became of the program, or nothing yet."""

    def __init__(
        self,
        address: tuple[str, int],
        loop: Loop,
        timeline: Timeline,
        gone: Callable[[], str | None],
        backlog: int = 16,
    ) -> None:
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self._sock = socket.socket(family, socket.SOCK_STREAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._sock.bind(address)
        self._sock.listen(backlog)
        self._sock.setblocking(False)
        self._loop = loop
        self._timeline = timeline
        self._gone = gone
        self._accepted = 0

    def accepts(self, within: float = REPLY) -> Stream:
        """The program connects."""
        self._timeline.step("the server", "waits for your program to connect")
        arrived: list[socket.socket] = []
        with self._loop.serving(
            self._sock, selectors.EVENT_READ, lambda: arrived.append(self._sock.accept()[0])
        ):
            self._loop.wait(lambda: bool(arrived or self._gone()), Deadline(within))
            if not arrived:  # a program that ends at once may have connected before
                self._loop.wait(lambda: bool(arrived), Deadline(0))
        if not arrived:
            got = self._gone() or f"no connection within {within:.1f} s"
            raise CheckFailed("a TCP connection", got)
        self._accepted += 1
        name = "the server" if self._accepted == 1 else f"the server (connection {self._accepted})"
        return Stream(name, arrived[0], self._loop, self._timeline)

    def echoes(self) -> Echo:
        """The next connection is served from here on, whenever the check waits for anything."""
        self._timeline.step("the server", "echoes as it reads, and reads no more meanwhile")
        return Echo(self._sock, self._loop)

    def accepts_no_more(self) -> None:
        """No further connection arrives within SILENCE."""
        self._timeline.step("the server", "sees no further connection")
        came: list[socket.socket] = []
        with self._loop.serving(
            self._sock, selectors.EVENT_READ, lambda: came.append(self._sock.accept()[0])
        ):
            if self._loop.wait(lambda: bool(came), Deadline(SILENCE)):
                raise CheckFailed("one connection", "a second one")

    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._sock.getsockname()[:2]
        return str(host), int(port)

    def has_caller(self) -> bool:
        """A connection is there that has not been accepted yet."""
        return bool(select.select([self._sock], [], [], 0)[0])

    def narrows(self) -> None:
        """Gives the connections to come small buffers and segments: what one end writes soon fills
        up, unless the other end reads."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, NARROW)
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT)

    def close(self) -> None:
        self._sock.close()
