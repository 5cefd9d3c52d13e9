"""What is played with servers: each serves until it gives up."""

from __future__ import annotations

from checker import processes
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.failure import CheckFailed
from checker.peers.datagrams import Datagrams
from checker.peers.stream import Stream
from checker.proof.plans import Plan
from checker.proof.plays.owed import (
    DATAGRAM,
    STREAM,
    complains_truly,
    demand_bytes,
    has_given_up,
    losses,
    size_of,
)
from checker.scene import Scene, Server
from checker.sockets import Protocol
from checker.subject import Subject
from checker.text import compare

BUSY = b"busy\n"


def serves_datagrams(scene: Scene, plan: Plan) -> None:
    server = _serves(scene, plan, "UDP")
    if server is None:
        return
    program = server.program
    clients = [scene.datagrams(f"client {number}") for number in (1, 2)]
    for _ in range(scene.random.randint(1, 6)):
        if not _exchange(scene, plan, server, scene.random.choice(clients)):
            break
    _settles(scene, program)
    program.must(not any(client.has_mail() for client in clients), "no further datagram", "one")


def _exchange(scene: Scene, plan: Plan, server: Server, client: Datagrams) -> bool:
    """A datagram and its echo, unless that could not be sent; whether the server still serves."""
    program = server.program
    data = scene.bytes(size_of(scene, plan, DATAGRAM))

    def lost() -> int:
        return len([call for call in losses(program) if call.call == "sendto"])

    def settled() -> bool:
        return client.has_mail() or lost() > before or bool(program.gone())

    before = lost()
    client.says(data, ("127.0.0.1", server.port))
    scene.loop.wait(settled, Deadline(REPLY, program.program.family()), poll=CONDITION_POLL)
    if client.has_mail() or (lost() == before and not program.gone()):
        client.hears(data)
    return not program.gone()


def serves_clients(scene: Scene, plan: Plan) -> None:
    _serves_crowds(scene, plan, busy=False)


def serves_one(scene: Scene, plan: Plan) -> None:
    _serves_crowds(scene, plan, busy=True)


def _serves_crowds(scene: Scene, plan: Plan, busy: bool) -> None:
    """One client or two at a time; the last one shows whether it still serves."""
    server = _serves(scene, plan, "TCP")
    if server is None:
        return
    for _ in range(scene.random.randint(1, 3)):
        clients = [_connects(scene, server) for _ in range(scene.random.randint(1, 2))]
        said = [_says(scene, plan, client) for client in clients if client]
        for client, data in zip(filter(None, clients), said, strict=True):
            if scene.random.randrange(4) == 0:
                client.resets()
            else:
                _hears_echo(scene, server.program, client, data, busy)
    _settles(scene, server.program)


def _connects(scene: Scene, server: Server) -> Stream | None:
    """None when the server has given up."""
    try:
        return scene.connect(server)
    except CheckFailed:
        if server.program.gone():
            return None
        raise


def _says(scene: Scene, plan: Plan, client: Stream) -> bytes:
    """Bytes in some pieces; the server may have let this client go."""
    data = scene.bytes(size_of(scene, plan, STREAM))
    cuts = sorted(scene.random.randrange(len(data) + 1) for _ in range(scene.random.randrange(5)))
    pieces = [data[a:b] for a, b in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    try:
        client.dribbles(pieces)
    except CheckFailed:
        if client.closing != "reset":
            raise
    return data


def _hears_echo(scene: Scene, program: Subject, client: Stream, data: bytes, busy: bool) -> None:
    """The echo whole and then the end, unless a call for it failed. `busy`: or that word, of which
    a fault or a reset may leave nothing."""
    client.ends()
    heard = client.hears_all()
    if busy and BUSY.startswith(heard) and _says_busy(program):
        return
    demand_bytes(program, data, heard)
    if heard != data and not losses(program):
        program.step("has lost a part of the echo, so it must be about to end")
        over = scene.loop.wait(lambda: bool(program.gone()), Deadline(SILENCE))
        program.must(over, *compare(data, heard))


def _says_busy(program: Subject) -> bool:
    calls = program.recording().calls("send", "write")
    return any(call.size == len(BUSY) and BUSY.startswith(call.payload) for call in calls)


def _serves(scene: Scene, plan: Plan, protocol: Protocol) -> Server | None:
    """None when it has given up before it listened."""
    port = scene.port()
    program = scene.start(faults=plan.text, port=port)
    try:
        program.listens(protocol, port)
    except CheckFailed:
        if not program.gone():
            raise
        has_given_up(program)
        return None
    return Server(program, port)


def _settles(scene: Scene, program: Subject) -> None:
    """It waits in a call, its children gone and none of them by a crash; or it has given up."""
    program.step("waits for more, or has given up")

    def settled() -> bool:
        return bool(program.gone()) or _waits(program)

    program.must_soon(settled, "a program that does either", lambda: "it does neither")
    if program.gone():
        has_given_up(program)
        return
    scene.loop.wait(lambda: False, Deadline(0))  # what it has said by now is heard
    complains_truly(program)
    waits = program.recording().calls("waitpid", "wait", "wait4")
    crashes = [call.text for call in waits if "killed" in call.text]
    program.must(not crashes, "no child that a signal ends", ", ".join(crashes))


def _waits(program: Subject) -> bool:
    _, *children = program.program.family() or [0]
    gone = all(processes.state(child) in ("Z", "") for child in children)
    return gone and bool(program.recording().blocked())
