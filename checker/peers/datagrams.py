"""A UDP socket of the checker's."""

from __future__ import annotations

import select
import selectors
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from checker.clock import REPLY, SILENCE, Deadline
from checker.failure import CheckFailed
from checker.text import compare, count, describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from checker.loop import Loop
    from checker.timeline import Timeline

Address = tuple[str, int]
BIGGEST = 65507
"""Bytes of payload in the largest datagram over IPv4 (RFC 768, RFC 791)."""
AT_ONCE = 50
"""Small datagrams that every receive buffer has room for."""
IP_PKTINFO = 8
"""Which of our addresses a datagram came to, or leaves from (ip(7)); Python has no name for it."""


class Datagrams:
    """Says and hears datagrams. `gone`: tells what became of the program, or nothing yet."""

    def __init__(
        self,
        name: str,
        address: Address,
        loop: Loop,
        timeline: Timeline,
        gone: Callable[[], str | None],
    ) -> None:
        self.name = name
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        self._sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._sock.bind(address)
        self._sock.setblocking(False)
        self._loop = loop
        self._timeline = timeline
        self._gone = gone
        self._asked_at: list[tuple[int, int, bytes]] = []

    def address(self) -> Address:
        """Our own end."""
        host, port = self._sock.getsockname()[:2]
        return str(host), int(port)

    def says(self, data: bytes, to: Address) -> None:
        """Sends one datagram, from the address of ours to which the last one came."""
        self._timeline.step(self.name, f"sends a datagram of {describe(data)}")
        self._sock.sendmsg([data], self._asked_at, 0, to)

    def hears(self, expected: bytes | None = None, within: float = REPLY) -> tuple[bytes, Address]:
        """The next datagram, which must be `expected` (if given), and who sent it."""
        what = "a datagram" if expected is None else f"a datagram of {describe(expected)}"
        self._timeline.step(self.name, f"waits for {what}")
        came = self._next(within)
        if came is None:
            got = self._gone() or f"no datagram within {within:.1f} s"
            raise CheckFailed(what, f"no datagram: {got}" if self._gone() else got)
        if expected is not None and came[0] != expected:
            raise CheckFailed(*compare(expected, came[0]))
        return came

    def hears_no_more(self) -> None:
        """Within SILENCE seconds no datagram arrives."""
        self._timeline.step(self.name, f"hears no further datagram for {SILENCE * 1000:.0f} ms")
        came = self._next(SILENCE)
        if came is not None:
            raise CheckFailed("no further datagram", f"another one of {describe(came[0])}")

    def hears_count(self, number: int, each: bytes) -> None:
        """`number` datagrams arrive, and each is `each`."""
        self._timeline.step(self.name, f"waits for {count(number, 'datagram')}")
        for index in range(number):
            came = self._next(REPLY)
            if came is None:
                raise CheckFailed(count(number, "datagram"), f"{index:,}, then silence")
            if came[0] != each:
                raise CheckFailed(*compare(each, came[0]))

    def has_mail(self) -> bool:
        """A datagram is there that has not been heard yet."""
        return bool(select.select([self._sock], [], [], 0)[0])

    def exchanges(self, data: bytes, to: Address, times: int) -> None:
        """Sends the datagram so many times, some at once, and hears as many that are the same."""
        what = f"{count(times, 'datagram')} of {describe(data)}"
        self._timeline.step(self.name, f"sends {what}, and hears each come back")
        sent = heard = 0

        def on_readable() -> None:
            nonlocal heard
            with suppress(BlockingIOError):
                while True:
                    came = self._sock.recv(BIGGEST)
                    if came != data:
                        raise CheckFailed(*compare(data, came))
                    heard += 1

        def over() -> bool:
            return heard >= sent or bool(self._gone())

        with self._loop.serving(self._sock, selectors.EVENT_READ, on_readable):
            while sent < times:
                self._sock.sendto(data, to)
                sent += 1
                if sent % AT_ONCE == 0 or sent == times:
                    self._loop.wait(over, Deadline(REPLY))
                    if heard < sent:
                        got = f"{heard:,} of them: {self._gone() or 'then silence'}"
                        raise CheckFailed(what, got)

    def close(self) -> None:
        self._sock.close()

    def _next(self, within: float) -> tuple[bytes, Address] | None:
        came: list[tuple[bytes, Address]] = []

        def on_readable() -> None:
            if not came:
                data, self._asked_at, _, sender = self._sock.recvmsg(
                    BIGGEST + 1, socket.CMSG_SPACE(12)
                )
                came.append((data, (str(sender[0]), int(sender[1]))))

        with self._loop.serving(self._sock, selectors.EVENT_READ, on_readable):
            self._loop.wait(lambda: bool(came or self._gone()), Deadline(within))
            if not came:  # a program that ends at once may have sent before
                self._loop.wait(lambda: bool(came), Deadline(0))
        return came[0] if came else None
