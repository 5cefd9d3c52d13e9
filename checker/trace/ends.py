"""The lab's end of a wire. It tells what it says and hears whenever that happens: in a trace,
nobody waits for anything in particular."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from checker.clock import REPLY, Deadline
from checker.peers.datagrams import BIGGEST, IP_PKTINFO, Address
from checker.text import count, describe, escape

if TYPE_CHECKING:
    from checker.scene import Scene

PIECE = 64 * 1024
WHOLE = 200
"""Bytes that are shown as a whole."""


class End(Protocol):
    """`answered`: as much has come as was said; `over`: nothing will be said or heard any more."""

    @property
    def answered(self) -> bool: ...

    @property
    def over(self) -> bool: ...

    def says(self, data: bytes) -> None: ...

    def ends(self) -> None:
        """Nothing more will be said."""


Answer = Callable[[End, bytes | None], None]
"""What an end does about the bytes that it hears, or about the other one's end (None)."""


def echoes(end: End, data: bytes | None) -> None:
    end.ends() if data is None else end.says(data)


def listens(_end: End, _data: bytes | None) -> None:
    pass


def leaves(end: End, data: bytes | None) -> None:
    if data is None:
        end.ends()


def quoted(data: bytes) -> str:
    """With its size; whole, if it is short."""
    if 0 < len(data) <= WHOLE:
        return f'{count(len(data))}, "{escape(data)}"'
    return describe(data)


class Connection:
    """An end of a TCP connection. It is over when both have ended their halves, or on a reset."""

    def __init__(self, name: str, sock: socket.socket, scene: Scene, answer: Answer) -> None:
        self.over = False
        self._name = name
        self._scene = scene
        self._answer = answer
        self._unheard = 0
        self._unsent = bytearray()
        self._ending = self._ended = self._hears_no_more = self._fills = False
        sock.setblocking(False)
        # A loop takes a descriptor once, for reading or for writing.
        self._in, self._out = sock, sock.dup()
        scene.loop.on_readable(self._in, self._hear)

    @property
    def answered(self) -> bool:
        return self._unheard <= 0

    def says(self, data: bytes) -> None:
        if not self.over and not self._ending:
            self._step(f"sends {quoted(data)}")
            self._unheard += len(data)
            self._unsent += data
            self._send()

    def ends(self) -> None:
        if not self.over and not self._ending:
            self._ending = True
            self._send()

    def _send(self) -> None:
        if self.over:  # by what the loop served just before
            return
        try:
            while self._unsent:
                del self._unsent[: self._out.send(self._unsent)]
            if self._ending and not self._ended:
                self._out.shutdown(socket.SHUT_WR)
                self._step("ends its half (FIN)")
                self._ended = True
        except BlockingIOError:
            pass
        except OSError as error:
            self._lose(error)
            return
        self._wait_for_room(bool(self._unsent))
        self._close_after_both()

    def _wait_for_room(self, wanted: bool) -> None:
        if wanted and not self._fills:
            self._scene.loop.on_writable(self._out, self._send)
        elif self._fills and not wanted:
            self._scene.loop.forget(self._out)
        self._fills = wanted

    def _hear(self) -> None:
        if self.over:
            return
        try:
            data = self._in.recv(PIECE)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(error)
            return
        if data:
            self._unheard -= len(data)
            self._step(f"hears {quoted(data)}")
            self._answer(self, data)
            return
        self._step("hears the end (FIN)")
        self._hears_no_more = True
        self._scene.loop.forget(self._in)
        self._answer(self, None)
        self._close_after_both()

    def _close_after_both(self) -> None:
        if self._ended and self._hears_no_more and not self.over:
            self._close()

    def _lose(self, error: OSError) -> None:
        reset = error.errno in (errno.ECONNRESET, errno.EPIPE)
        reason = "a reset (RST)" if reset else os.strerror(error.errno or 0)
        self._step(f"loses the connection: {reason}")
        self._close()

    def _close(self) -> None:
        self._wait_for_room(False)
        if not self._hears_no_more:
            self._scene.loop.forget(self._in)
        self._in.close()
        self._out.close()
        self.over = True

    def _step(self, text: str) -> None:
        self._scene.timeline.step(self._name, text)


class Mailbox:
    """A UDP socket that talks to `to`, or else to whoever wrote last. Over UDP nobody hears an end:
    when all is said, this one is over as soon as every datagram has its answer, or none comes."""

    def __init__(
        self,
        name: str,
        address: Address,
        scene: Scene,
        answer: Answer,
        to: Address | None = None,
    ) -> None:
        self._name = name
        self._to = to
        self._scene = scene
        self._answer = answer
        self._unanswered = 0
        self._patience: Deadline | None = None
        self._asked_at: list[tuple[int, int, bytes]] = []
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        self._sock.bind(address)
        self._sock.setblocking(False)
        scene.loop.on_readable(self._sock, self._hear)

    @property
    def answered(self) -> bool:
        return self._unanswered <= 0

    @property
    def over(self) -> bool:
        if self._patience is None:
            return False
        return self.answered or self._patience.left() <= 0

    def says(self, data: bytes) -> None:
        self._scene.timeline.step(self._name, f"sends a datagram of {quoted(data)}")
        self._unanswered += 1
        try:
            self._sock.sendmsg([data], self._asked_at, 0, self._to)
        except OSError as error:
            self._scene.timeline.step(self._name, f"cannot send it: {error.strerror}")

    def ends(self) -> None:
        self._patience = self._patience or Deadline(REPLY)

    def _hear(self) -> None:
        try:
            data, self._asked_at, _, sender = self._sock.recvmsg(BIGGEST + 1, socket.CMSG_SPACE(12))
        except OSError:  # nothing is there any more, or somebody refused what was sent
            return
        self._to = (str(sender[0]), int(sender[1]))
        self._unanswered -= 1
        self._scene.timeline.step(self._name, f"hears a datagram of {quoted(data)}")
        self._answer(self, data)
