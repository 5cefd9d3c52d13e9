"""A UDP server that the program asks."""

from __future__ import annotations

from contextlib import suppress

from checker.failure import CheckFailed
from checker.peers.datagrams import Address, Datagrams
from checker.prison import Stdin
from checker.scene import DEFAULT_MESSAGE, Scene
from checker.subject import Subject

NOWHERE = "192.0.2.1"
"""An address for documentation (RFC 5737), to which the arena has no route."""


class AskedServer:
    """`asker`: whence the last question came."""

    def __init__(self, scene: Scene) -> None:
        self.host = scene.host()
        self.port = scene.port()
        self.asker: Address = ("", 0)
        self.peer = scene.datagrams("the server", self.host, self.port)
        self._scene = scene
        self._astray = self._with_bytes_swapped()
        scene.timeline.step("the server", f"has UDP port {self.port} of {self.host.name}")

    def is_asked(
        self, message: str = DEFAULT_MESSAGE, exact: bool = False, stdin: Stdin = "open"
    ) -> Subject:
        """Starts the program and hears its datagram: any, or (`exact`) the message and no more,
        which is the textbook's for a program that takes none."""
        program = self._scene.start(stdin, host=self.host.name, port=self.port, message=message)
        taken = any(message in argument for argument in program.program.arguments)
        expected = (message if taken else DEFAULT_MESSAGE).encode()
        try:
            _, self.asker = self.peer.hears(expected if exact else None)
        except CheckFailed:
            if self._astray and self._astray.has_mail():
                got = f"one to port {self._astray.address()[1]}, the same with its bytes swapped"
                raise CheckFailed(f"a datagram to port {self.port}", f"{got}: htons?") from None
            raise
        return program

    def answers(self, reply: bytes) -> None:
        self.peer.says(reply, self.asker)

    def hears_no_more(self) -> None:
        self.peer.hears_no_more()

    def _with_bytes_swapped(self) -> Datagrams | None:
        """Hears what a program sends that has forgotten htons."""
        swapped = int.from_bytes(self.port.to_bytes(2, "little"), "big")
        with suppress(OSError):  # a port that somebody else has
            return self._scene.datagrams("a neighbour", self.host, swapped)
        return None


def stranger(scene: Scene, name: str, address: str, port: int = 0) -> Datagrams:
    """A UDP socket on exactly that address, which the program has not asked."""
    peer = Datagrams(name, (address, port), scene.loop, scene.timeline, scene.gone)
    scene.timeline.step(name, f"has UDP port {peer.address()[1]} of {address}")
    return peer


def ask_unknown_host(scene: Scene) -> Subject:
    """Starts the program with a host that does not exist."""
    scene.needs_argument("host")
    return scene.start(host=scene.unknown_host(), port=scene.port())


def ask_unreachable_host(scene: Scene) -> Subject:
    """Starts the program with a host to which there is no route."""
    scene.needs_argument("host")
    host = scene.host(NOWHERE)
    scene.timeline.step("the network", f"has no route to {host.name}")
    return scene.start(host=host.name, port=scene.port())
