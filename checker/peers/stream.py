"""One TCP connection with the program, seen from the other side."""

from __future__ import annotations

import select
import selectors
import socket
import struct
from contextlib import suppress
from typing import TYPE_CHECKING

from checker import sockets
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.failure import CheckFailed
from checker.peers.outcome import Closing, after, demand_bytes, demand_end
from checker.text import compare, count, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from checker.loop import Loop
    from checker.timeline import Timeline

PIECE = 64 * 1024
"""Bytes at a time: larger blocks of memory would be taken from the system and given back."""

FLOOD = 64 * 1024 * 1024
"""Bytes that nobody waits for, after which a program counts as flooding."""


class Stream:
    """Says and hears bytes. It reads from the socket only while it is told to hear."""

    def __init__(self, name: str, sock: socket.socket, loop: Loop, timeline: Timeline) -> None:
        self.name = name
        self.closing: Closing = "open"
        self._sock = sock
        self._sock.setblocking(False)
        self._loop = loop
        self._timeline = timeline
        self._unread = bytearray()

    # Speaking

    def says(self, data: bytes) -> None:
        """Sends all of it; fails when the program takes none of it for REPLY seconds."""
        self._timeline.step(self.name, f"sends {describe(data)}")
        self._send(data, hear=False)

    def dribbles(self, pieces: Iterable[bytes]) -> None:
        """Sends each piece in a segment of its own."""
        parts = list(pieces)
        whole = b"".join(parts)
        self._timeline.step(self.name, f"sends {describe(whole)} in {count(len(parts), 'piece')}")
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            self._send(part, hear=False)

    def drips(self, pieces: Iterable[bytes]) -> None:
        """Sends each piece when the program has read the one before, so that no read gets two.
        What comes after the program's end is lost."""
        parts = list(pieces)
        whole = b"".join(parts)
        size = f"{describe(whole)} in {count(len(parts), 'piece')}"
        self._timeline.step(self.name, f"sends {size}, each when the last is read")
        self._sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        there, here = self.address()[1], self.port()
        for part in parts:
            with suppress(ConnectionError):
                self._sock.sendall(part)
            deadline = Deadline(REPLY)
            if not self._loop.wait(
                lambda: not sockets.unread(there, here), deadline, poll=CONDITION_POLL
            ):
                got = f"{count(sockets.unread(there, here))} unread for {REPLY:.1f} s"
                raise CheckFailed("the program to read what has come", got)

    def says_and_hears(self, data: bytes, expected: bytes) -> None:
        """Sends and receives at the same time, as one must where neither side may fill up."""
        self._timeline.step(self.name, f"sends {describe(data)}, and reads the echo as it comes")
        self._send(data, hear=True)
        self._hear(len(expected), REPLY)
        self._demand(expected)

    def streams(self, block: bytes, times: int) -> None:
        """Sends the block so many times, reading the echo as it comes."""
        size = len(block) * times
        self._timeline.step(self.name, f"sends {count(size)}, and reads the echo as it comes")
        heard = 0
        for _ in range(times):
            self._send(block, hear=True)
            heard += self._match_repeated(block, heard)
        while heard < size:
            self._hear(1, REPLY)
            got = self._match_repeated(block, heard)
            if got == 0:
                part = f"{count(heard)} of {count(size)}, then {after(self.closing, REPLY)}"
                raise CheckFailed(f"{count(size)} of echo", part)
            heard += got

    def ends(self) -> None:
        """Half-closes: no more bytes from here, but the other direction stays open."""
        self._timeline.step(self.name, "ends its half of the connection (FIN), and still listens")
        with suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def closes(self) -> None:
        self._timeline.step(self.name, "closes the connection")
        self._sock.close()

    def resets(self) -> None:
        """Ends the connection with a RST (socket(7), SO_LINGER of zero seconds)."""
        self._timeline.step(self.name, "resets the connection (RST)")
        linger = struct.pack("ii", 1, 0)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._sock.close()

    # Hearing

    def hears(self, expected: bytes, within: float = REPLY, witnesses: Iterable[int] = ()) -> None:
        """The next bytes from the program are these. `witnesses`: see Deadline."""
        self._timeline.step(self.name, f"waits for {describe(expected)}")
        self._hear(len(expected), within, witnesses)
        self._demand(expected, within)

    def hears_end(self, within: float = REPLY) -> None:
        """The program ends the connection in order, and sends nothing more before."""
        self._timeline.step(self.name, "waits for the end of the connection (FIN)")
        self._hear(1, within)
        demand_end(bytes(self._unread), self.closing, within)

    def hears_nothing(self) -> None:
        """For SILENCE seconds there is no byte and no end."""
        self._timeline.step(self.name, f"hears nothing for {SILENCE * 1000:.0f} ms")
        self._hear(1, SILENCE)
        if self._unread:
            raise CheckFailed("no byte", describe(bytes(self._unread)))
        if self.closing != "open":
            how = "its orderly end (FIN)" if self.closing == "end" else "a reset (RST)"
            raise CheckFailed("the connection to stay open", how)

    def hears_no_more(self) -> None:
        """For SILENCE seconds there is no byte; the program may end the connection or not."""
        self._timeline.step(self.name, f"hears no further byte for {SILENCE * 1000:.0f} ms")
        self._hear(1, SILENCE)
        if self._unread:
            raise CheckFailed("no further byte", describe(bytes(self._unread)))

    def has_mail(self) -> bool:
        """Bytes are there, or the end, that have not been heard yet."""
        return bool(select.select([self._sock], [], [], 0)[0])

    def hears_all(self, within: float = REPLY) -> bytes:
        """Everything until the program ends the connection or resets it; see `closing`."""
        self._timeline.step(self.name, "reads until the connection ends")
        deadline = Deadline(within)
        with self._loop.serving(self._sock, selectors.EVENT_READ, self._on_readable):
            if not self._loop.wait(lambda: self.closing != "open", deadline):
                demand_end(bytes(self._unread), "open", within)
        heard = bytes(self._unread)
        self._unread.clear()
        return heard

    def must_have(self, happened: bool, expected: str, got: str) -> None:
        """Fails the current step unless it happened."""
        if not happened:
            raise CheckFailed(expected, got)

    def address(self) -> tuple[str, int]:
        """The program's end of the connection."""
        host, port = self._sock.getpeername()[:2]
        return str(host), int(port)

    def here(self) -> tuple[str, int]:
        """Our own end of the connection."""
        host, port = self._sock.getsockname()[:2]
        return str(host), int(port)

    def port(self) -> int:
        """The port of this end of the connection."""
        return int(self._sock.getsockname()[1])

    def fill(self) -> int:
        """Sends until the program's side takes no more for SILENCE seconds, or FLOOD bytes; how
        many bytes."""
        self._timeline.step(self.name, "sends without reading, until nothing more fits")
        sent = 0
        with suppress(BlockingIOError, ConnectionError):
            while sent < FLOOD and self._writable(SILENCE):
                sent += self._sock.send(bytes(PIECE))
        return sent

    # Inside

    def _writable(self, within: float) -> bool:
        ready: list[bool] = []
        with self._loop.serving(self._sock, selectors.EVENT_WRITE, lambda: ready.append(True)):
            return self._loop.wait(lambda: bool(ready), Deadline(within))

    def _send(self, data: bytes, hear: bool) -> None:
        left = memoryview(data)
        progress = Deadline(REPLY)

        def on_ready() -> None:
            nonlocal left, progress
            before = len(self._unread)
            if hear:
                self._on_readable()
            if self.closing != "reset" and left:
                with suppress(BlockingIOError):
                    try:
                        sent = self._sock.send(left[:PIECE])
                    except ConnectionError:
                        self.closing = "reset"
                    else:
                        left = left[sent:]
                        progress = Deadline(REPLY)
            if len(self._unread) > before:
                progress = Deadline(REPLY)

        events = selectors.EVENT_WRITE | (selectors.EVENT_READ if hear else 0)
        with self._loop.serving(self._sock, events, on_ready):
            while left and self.closing != "reset":
                if not self._loop.wait(lambda: not left or self.closing == "reset", progress):
                    if progress.left() > 0:
                        continue
                    break
        if left:
            taken = f"{count(len(data) - len(left))} of {count(len(data))} taken, then "
            how = "a reset (RST)" if self.closing == "reset" else f"nothing for {REPLY:.1f} s"
            raise CheckFailed(f"the program to take {count(len(data))}", taken + how)

    def _hear(self, size: int, within: float, witnesses: Iterable[int] = ()) -> None:
        """Reads until `size` bytes are there, or the end; silence begins at the last byte."""
        if len(self._unread) >= size or self.closing != "open":
            return
        with self._loop.serving(self._sock, selectors.EVENT_READ, self._on_readable):
            while len(self._unread) < size and self.closing == "open":
                deadline = Deadline(within, witnesses)
                if not self._loop.wait(self._changed(len(self._unread)), deadline):
                    return

    def _changed(self, before: int) -> Callable[[], bool]:
        return lambda: len(self._unread) > before or self.closing != "open"

    def _on_readable(self) -> None:
        try:
            piece = self._sock.recv(PIECE)
        except BlockingIOError:
            return
        except OSError:
            self.closing = "reset"
            return
        self._unread += piece
        if len(self._unread) > FLOOD:
            raise CheckFailed(f"at most {count(FLOOD)} at once", "more, and still no end")
        if not piece:
            self.closing = "end"

    def _match_repeated(self, block: bytes, offset: int) -> int:
        """Takes what was heard; it must go on the repeated block from that offset on."""
        got = bytes(self._unread)
        self._unread.clear()
        start = offset % len(block)
        expected = (block[start:] + block * (len(got) // len(block) + 1))[: len(got)]
        if got != expected:
            raise CheckFailed(*compare(expected, got))
        return len(got)

    def _demand(self, expected: bytes, within: float = REPLY) -> None:
        got = bytes(self._unread[: len(expected)])
        del self._unread[: len(expected)]
        demand_bytes(expected, got, self.closing, within)
