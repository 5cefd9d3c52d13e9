"""TCP connections of the tests' own, whose other end is played by the test itself."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass, field

from checker.loop import Loop
from checker.peers.stream import Stream
from checker.timeline import Timeline


@dataclass
class Wire:
    """`peer` is the checker's end, `program` plays the student's."""

    loop: Loop = field(default_factory=Loop)
    timeline: Timeline = field(default_factory=Timeline)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.program = socket.create_connection(listener.getsockname())
            accepted, _ = listener.accept()
        self.program.settimeout(10)
        self.peer = Stream("client 1", accepted, self.loop, self.timeline)

    def resets(self) -> None:
        """The program's end goes with a RST."""
        linger = struct.pack("ii", 1, 0)
        self.program.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.program.close()

    def narrows(self) -> None:
        """What either end writes soon fills up."""
        self.program.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.peer._sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
