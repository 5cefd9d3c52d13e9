"""The server that a program which is a client talks to."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from checker.source import UnusableSourceError
from checker.trace.ends import Answer, Connection, End, Mailbox

if TYPE_CHECKING:
    from checker.scene import Scene

NAME = "the server"


class Server:
    """Serves TCP and UDP on one port: which of them the program wants, it shows itself. `meets` is
    given the end that talks to the program, as soon as there is one."""

    def __init__(
        self,
        scene: Scene,
        address: tuple[str, int],
        answer: Answer,
        meets: Callable[[End], None],
    ) -> None:
        self._scene = scene
        self._answer = answer
        self._meets = meets
        try:
            self._listener = socket.create_server(address)
            self._mailbox = Mailbox(NAME, address, scene, self._answer_datagram)
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise UnusableSourceError(f"port {address[1]}: {reason}") from error
        self._listener.setblocking(False)
        scene.loop.on_readable(self._listener, self._accept)

    def _accept(self) -> None:
        sock, (host, port) = self._listener.accept()
        self._scene.timeline.step(NAME, f"accepts a connection from {host}:{port}")
        self._meets(Connection(NAME, sock, self._scene, self._answer))

    def _answer_datagram(self, end: End, data: bytes | None) -> None:
        self._meets(end)
        self._answer(end, data)
