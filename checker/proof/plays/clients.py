"""What is played with clients: each runs to its end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address

from checker.clock import REPLY, Deadline
from checker.failure import CheckFailed
from checker.peers.listener import Listener
from checker.peers.stream import Stream
from checker.proof.plans import Plan
from checker.proof.plays.owed import DATAGRAM, STREAM, demand_bytes, has_given_up, size_of
from checker.scene import Host, Scene
from checker.subject import Subject
from checker.text import describe


def host_name(scene: Scene, plan: Plan) -> None:
    program = scene.start(faults=plan.text)
    _ends(program, f"host name: {scene.arena.hostname}\n".encode())


def look_up(scene: Scene, plan: Plan) -> None:
    host = scene.host()
    program = scene.start(faults=plan.text, host=host.name)
    address = f"{host.address} ({int(IPv4Address(host.address)):08X})"
    _ends(program, f"canonical hostname: {host.name}\ninternet address: {address}\n".encode())


def sends(scene: Scene, plan: Plan) -> None:
    _asks(scene, plan, lambda _reply, _server: b"")


def asks(scene: Scene, plan: Plan) -> None:
    _asks(scene, plan, lambda reply, _server: b"echo: " + reply)


def names_sender(scene: Scene, plan: Plan) -> None:
    def answer(reply: bytes, server: str) -> bytes:
        line_end = b"" if reply.endswith(b"\n") else b"\n"
        return b"echo: " + reply + line_end + f"sent by [{server}]\n".encode()

    _asks(scene, plan, answer)


def _asks(scene: Scene, plan: Plan, answer: Callable[[bytes, str], bytes]) -> None:
    """`answer`: what it has to print."""
    host, port = scene.host(), scene.port()
    server = scene.datagrams("the server", host, port)
    message = scene.text(size_of(scene, plan, DATAGRAM))
    program = scene.start(faults=plan.text, host=host.name, port=port, message=message)
    reply = scene.bytes(size_of(scene, plan, DATAGRAM))
    asked = False
    with suppress(CheckFailed):  # it may have given up before
        data, asker = server.hears()
        asked = True
        server.says(reply, asker)
    if asked:
        demand_bytes(program, message.encode(), data)
    succeeded = _ends(program, answer(reply, f"{host.address}:{port}"))
    program.must(asked or not succeeded, "a datagram, since it claims success", "none")
    program.must(not server.has_mail(), "one datagram", "another one")


def connects(scene: Scene, plan: Plan) -> None:
    host, port, listener = _listener(scene)
    program = scene.start(faults=plan.text, host=host.name, port=port)
    server = _caller(listener)
    heard = server.hears_all() if server else b""
    demand_bytes(program, b"", heard)
    succeeded = _ends(program, f"connected to {host.address}:{port}\n".encode())
    program.must(bool(server) or not succeeded, "a connection, since it claims success", "none")


def converses(scene: Scene, plan: Plan) -> None:
    """With a message in its arguments, or on its standard input."""
    host, port, listener = _listener(scene)
    server = listener.echoes()
    size = max(2, size_of(scene, plan, STREAM))  # `-` alone is no message
    if scene.random.random() < 0.5:
        data = scene.text(size).encode()
        program = scene.start(faults=plan.text, host=host.name, port=port, message=data.decode())
    else:
        data = scene.bytes(size)
        program = scene.start("piped", faults=plan.text, host=host.name, port=port, message="-")
        _types(program, data)
    succeeded = _ends(program, b"echo: " + data)
    demand_bytes(program, data, bytes(server.heard), whole=succeeded)


def sends_lines(scene: Scene, plan: Plan) -> None:
    host, port, listener = _listener(scene)
    program = scene.start("piped", faults=plan.text, host=host.name, port=port)
    server = _caller(listener)
    data = scene.bytes(size_of(scene, plan, STREAM))
    _types(program, data)
    heard = server.hears_all() if server else b""
    succeeded = _ends(program, b"")
    demand_bytes(program, data, heard, whole=succeeded)


def _listener(scene: Scene) -> tuple[Host, int, Listener]:
    host, port = scene.host(), scene.port()
    return host, port, scene.listener(host, port)


def _caller(listener: Listener) -> Stream | None:
    """The program's connection; None when it never comes."""
    with suppress(CheckFailed):
        return listener.accepts()
    return None


def _types(program: Subject, data: bytes) -> None:
    """All of its standard input, as far as it reads."""
    program.program.write_stdin(data, Deadline(REPLY))
    program.reads_end()


def _ends(program: Subject, expected: bytes) -> bool:
    """It ends by itself, having printed `expected` and nothing else; whether it claims that.
    Otherwise it has given up."""
    ending = program.exits()
    succeeded = ending.status == 0
    demand_bytes(program, expected, bytes(program.program.stdout), whole=succeeded)
    if not succeeded:
        has_given_up(program)
    said = bytes(program.program.stderr)
    program.must(not (succeeded and said), "no complaint, since it claims success", describe(said))
    return succeeded
