"""A TCP server that echoes."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.loop import Loop

PIECE = 64 * 1024
HEARD = 1024 * 1024


class Echo:
    """Takes one connection and echoes what it reads before it reads more, as a simple server does:
    when nobody takes its echo, it stops reading. `passed`: how many bytes it has read; `heard`: the
    first of them, HEARD at most."""

    def __init__(self, listener: socket.socket, loop: Loop) -> None:
        self.passed = 0
        self.heard = bytearray()
        self._listener = listener
        self._loop = loop
        self._unsent = b""
        loop.on_readable(listener, self._accept)

    def waits(self) -> bool:
        """Its echo is not taken."""
        return bool(self._unsent)

    def _accept(self) -> None:
        self._loop.forget(self._listener)
        self._sock = self._listener.accept()[0]
        self._sock.setblocking(False)
        self._loop.on_readable(self._sock, self._read)

    def _read(self) -> None:
        try:
            piece = self._sock.recv(PIECE)
        except ConnectionError:
            piece = b""
        self._loop.forget(self._sock)
        if not piece:
            self._sock.close()
            return
        self.passed += len(piece)
        self.heard += piece[: HEARD - len(self.heard)]
        self._unsent = piece
        self._loop.on_writable(self._sock, self._write)

    def _write(self) -> None:
        try:
            sent = self._sock.send(self._unsent)
        except ConnectionError:
            self._loop.forget(self._sock)
            self._sock.close()
            return
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            self._loop.forget(self._sock)
            self._loop.on_readable(self._sock, self._read)
