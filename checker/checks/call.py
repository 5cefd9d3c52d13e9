"""A TCP server that the program calls."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from checker.arena import narrow_send_buffers
from checker.failure import CheckFailed
from checker.peers.datagrams import Datagrams
from checker.peers.listener import Listener
from checker.peers.stream import Stream
from checker.prison import Stdin
from checker.scene import DEFAULT_MESSAGE, Host, Scene
from checker.subject import Subject
from checker.text import describe


@dataclass
class Call:
    """`program` has connected to `server`, which came out of `listener`, to send its `message`."""

    host: Host
    port: int
    listener: Listener
    server: Stream
    program: Subject
    message: bytes


def call(
    scene: Scene,
    message: str | None = None,
    stdin: Stdin = "open",
    narrow: bool = False,
    faults: str = "",
) -> Call:
    """Starts the program with this message or some message, and takes its connection. `narrow`:
    see Listener; `faults`: see Scene.start."""
    if not scene.takes("message"):
        message = DEFAULT_MESSAGE
    elif message is None:
        message = scene.text(24) + "\n"
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    if narrow:
        listener.narrows()
        narrow_send_buffers(scene.arena)
    scene.timeline.step("the server", f"listens on TCP port {port} of {host.name}")
    swapped = int.from_bytes(port.to_bytes(2, "little"), "big")
    neighbour = _listener(scene, host, swapped) if swapped != port else None
    letterbox = _datagrams(scene, host, port)
    program = scene.start(stdin, faults=faults, host=host.name, port=port, message=message)
    try:
        server = listener.accepts()
    except CheckFailed as failure:
        got = f"none: {failure.got}"
        if neighbour and neighbour.has_caller():
            got = f"one to port {swapped}, which is {port} with its bytes swapped: htons?"
        elif letterbox and letterbox.has_mail():
            got = f"a UDP datagram to port {port}: SOCK_STREAM?"
        raise CheckFailed(f"a TCP connection to port {port}", got) from None
    return Call(host, port, listener, server, program, message.encode())


def answer(scene: Scene, caller: Call) -> bytes:
    """As long as the message, but another text: who prints the message has not read anything."""
    return scene.text(len(caller.message)).encode()


def call_nobody(scene: Scene) -> Subject:
    """Starts the program with a port on which nobody listens."""
    host, port = scene.host(), scene.port()
    scene.timeline.step("nobody", f"listens on TCP port {port} of {host.name}")
    return scene.start(host=host.name, port=port)


def call_unknown_host(scene: Scene) -> Subject:
    """Starts the program with a host that does not exist."""
    scene.needs_argument("host")
    return scene.start(host=scene.unknown_host(), port=scene.port())


def reports_in_its_words(program: Subject) -> None:
    """craft: `error: …` on standard error and status 1, where errno has no words for it."""
    ending = program.exits()
    program.step("reports the failure")
    said = bytes(program.program.stderr)
    is_line = said.startswith(b"error: ") and said.strip().count(b"\n") == 0
    program.must(is_line, "`error: …` on standard error", f"standard error: {describe(said)}")
    program.must(ending.status == 1, "exit status 1", f"it {ending}")


def _listener(scene: Scene, host: Host, port: int) -> Listener | None:
    """Takes the connection of a program that has forgotten htons."""
    with suppress(OSError):  # a port that somebody else has
        return scene.listener(host, port)
    return None


def _datagrams(scene: Scene, host: Host, port: int) -> Datagrams | None:
    """Takes what a program sends over UDP."""
    with suppress(OSError):
        return scene.datagrams("a neighbour", host, port)
    return None
