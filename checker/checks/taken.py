"""A port that somebody else has already."""

from __future__ import annotations

import socket

from checker.scene import Scene
from checker.sockets import Protocol


def taken_port(scene: Scene, protocol: Protocol) -> int:
    """A port on which another server is bound, on every address of this host."""
    port = scene.port()
    kind = socket.SOCK_STREAM if protocol == "TCP" else socket.SOCK_DGRAM
    other = socket.socket(socket.AF_INET, kind)
    other.bind(("0.0.0.0", port))
    if protocol == "TCP":
        other.listen()
    scene.keep(other)
    scene.timeline.step("another server", f"has {protocol} port {port}")
    return port
