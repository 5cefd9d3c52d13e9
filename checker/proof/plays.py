"""What is played with a program in whose calls something goes wrong, and what it owes even then.

It may give up, saying truly which call failed; a server may let one client go and serve the next.
It must not crash or hang, and no byte that arrives or is printed may be wrong."""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from random import Random

from checker import ladder, processes
from checker.arena import Arena
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.failure import CheckFailed
from checker.observer import Record
from checker.peers.datagrams import Datagrams
from checker.peers.listener import Listener
from checker.peers.stream import Stream
from checker.proof.plans import PASSING, Plan
from checker.reports.console import console
from checker.scene import Host, Scene, Server
from checker.sockets import Protocol
from checker.subject import Subject
from checker.text import compare, describe

RESOLVER = ("getaddrinfo", "getnameinfo")
NO_LOSS = ("close", "waitpid", "wait", "wait4")
"""Calls whose failure loses no byte."""

BUSY = b"busy\n"
CALLS_EACH = 200
"""So many calls at the most move the bytes of one client: the observer's ring holds them all."""
STREAM = 40_000
"""Bytes that a connection's buffers hold, also when nobody reads."""
DATAGRAM = 60_000
LAST_ROWS = 60


@dataclass(frozen=True)
class Trial:
    """`struck`: some fault happened; `wrong`: what the program did wrong, or nothing."""

    plan: Plan
    struck: bool
    wrong: str


def tried(arena: Arena, plan: Plan, binary: Path, arguments: str) -> Trial:
    """The plan's program is played with, once."""
    random = Random(f"play {plan.seed}")
    scene = Scene(arena, binary, arguments, random, sanitised=plan.sanitised)
    wrong = ""
    try:
        try:
            PLAYS[plan.task](scene, plan)
        except CheckFailed as failure:
            wrong = _told(scene, failure)
        struck = any(subject.harmed() for subject in scene.subjects)
    finally:
        scene.close()
    return Trial(plan, struck, wrong)


def _told(scene: Scene, failure: CheckFailed) -> str:
    """What went wrong, and the run as a ladder."""
    scene.timeline.fail()
    scene.timeline.merge(scene.calls())
    state = [f"the program: {subject.describe()}" for subject in scene.subjects]
    said = [f"expected {failure.expected}", f"got {failure.got}", *state]
    out = console()
    with out.capture() as drawn:
        out.print(ladder.text.draw(ladder.layout.arrange(scene.timeline.events, last=LAST_ROWS)))
    return "\n".join([*said, drawn.get()])


# Clients: each runs to its end


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
    message = scene.text(_size(scene, plan, DATAGRAM))
    program = scene.start(faults=plan.text, host=host.name, port=port, message=message)
    reply = scene.bytes(_size(scene, plan, DATAGRAM))
    asked = False
    with suppress(CheckFailed):  # it may have given up before
        data, asker = server.hears()
        asked = True
        server.says(reply, asker)
    if asked:
        _demand_bytes(program, message.encode(), data)
    succeeded = _ends(program, answer(reply, f"{host.address}:{port}"))
    program.must(asked or not succeeded, "a datagram, since it claims success", "none")
    program.must(not server.has_mail(), "one datagram", "another one")


def connects(scene: Scene, plan: Plan) -> None:
    host, port, listener = _listener(scene)
    program = scene.start(faults=plan.text, host=host.name, port=port)
    server = _caller(listener)
    heard = server.hears_all() if server else b""
    _demand_bytes(program, b"", heard)
    succeeded = _ends(program, f"connected to {host.address}:{port}\n".encode())
    program.must(bool(server) or not succeeded, "a connection, since it claims success", "none")


def converses(scene: Scene, plan: Plan) -> None:
    """With a message in its arguments, or on its standard input."""
    host, port, listener = _listener(scene)
    server = listener.echoes()
    size = max(2, _size(scene, plan, STREAM))  # `-` alone is no message
    if scene.random.random() < 0.5:
        data = scene.text(size).encode()
        program = scene.start(faults=plan.text, host=host.name, port=port, message=data.decode())
    else:
        data = scene.bytes(size)
        program = scene.start("piped", faults=plan.text, host=host.name, port=port, message="-")
        _types(program, data)
    succeeded = _ends(program, b"echo: " + data)
    _demand_bytes(program, data, bytes(server.heard), whole=succeeded)


def sends_lines(scene: Scene, plan: Plan) -> None:
    host, port, listener = _listener(scene)
    program = scene.start("piped", faults=plan.text, host=host.name, port=port)
    server = _caller(listener)
    data = scene.bytes(_size(scene, plan, STREAM))
    _types(program, data)
    heard = server.hears_all() if server else b""
    succeeded = _ends(program, b"")
    _demand_bytes(program, data, heard, whole=succeeded)


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
    _demand_bytes(program, expected, bytes(program.program.stdout), whole=succeeded)
    if not succeeded:
        _has_given_up(program)
    said = bytes(program.program.stderr)
    program.must(not (succeeded and said), "no complaint, since it claims success", describe(said))
    return succeeded


# Servers: each serves until it gives up


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
    data = scene.bytes(_size(scene, plan, DATAGRAM))

    def lost() -> int:
        return len([call for call in _losses(program) if call.call == "sendto"])

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
    data = scene.bytes(_size(scene, plan, STREAM))
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
    _demand_bytes(program, data, heard)
    if heard != data and not _losses(program):
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
        _has_given_up(program)
        return None
    return Server(program, port)


def _settles(scene: Scene, program: Subject) -> None:
    """It waits in a call, its children gone and none of them by a crash; or it has given up."""
    program.step("waits for more, or has given up")

    def settled() -> bool:
        return bool(program.gone()) or _waits(program)

    program.must_soon(settled, "a program that does either", lambda: "it does neither")
    if program.gone():
        _has_given_up(program)
        return
    scene.loop.wait(lambda: False, Deadline(0))  # what it has said by now is heard
    _complains_truly(program)
    waits = program.recording().calls("waitpid", "wait", "wait4")
    crashes = [call.text for call in waits if "killed" in call.text]
    program.must(not crashes, "no child that a signal ends", ", ".join(crashes))


def _waits(program: Subject) -> bool:
    _, *children = program.program.family() or [0]
    gone = all(processes.state(child) in ("Z", "") for child in children)
    return gone and bool(program.recording().blocked())


# What all of them owe


def _size(scene: Scene, plan: Plan, most: int) -> int:
    """Bytes of one client: few or many, small sizes as likely as large ones."""
    most = min(most, plan.least * CALLS_EACH)
    return int((most + 1) ** scene.random.random()) - 1


def _demand_bytes(program: Subject, right: bytes, got: bytes, whole: bool = False) -> None:
    """`got` is the beginning of what is right, or the `whole` of it."""
    program.step(f"gives {describe(right)}" + ("" if whole else ", or a beginning of it"))
    if got != right if whole else not right.startswith(got):
        raise CheckFailed(*compare(right, got))


def _has_given_up(program: Subject) -> None:
    """It has ended by itself, saying which call failed, with status 1."""
    ending = program.exits()
    program.step("has given up, and said why")
    program.must(ending.status == 1, "exit status 1", program.describe())
    complaints = _complains_truly(program)
    program.must(complaints > 0, "`error: CALL: REASON` on standard error", "nothing")


def _complains_truly(program: Subject) -> int:
    """Each line on standard error names a call that has failed, and why; how many they are."""
    program.step("complains of nothing but calls that have failed")
    calls = [call for call in program.recording().records if call.error]
    true = {f"error: {call.call}: {_reason(call)}" for call in calls}
    lines = bytes(program.program.stderr).decode(errors="replace").splitlines()
    wanted = " or ".join(f"`{line}`" for line in sorted(true)) or "no complaint"
    program.must(set(lines) <= true, wanted, "\n".join(lines))
    return len(lines)


def _reason(call: Record) -> str:
    if call.call in RESOLVER:
        text = ctypes.CDLL(None).gai_strerror
        text.restype = ctypes.c_char_p
        return bytes(text(call.result)).decode()
    return os.strerror(getattr(errno, call.error, 0))


def _losses(program: Subject) -> list[Record]:
    """The failures that may cost a client its connection or its answer."""
    return [
        call
        for call in program.recording().records
        if call.injected
        and call.error
        and call.call not in NO_LOSS
        and (call.error not in PASSING or call.call == "fork")
    ]


PLAYS: dict[str, Callable[[Scene, Plan], None]] = {
    "01": host_name,
    "02": look_up,
    "03": sends,
    "04": asks,
    "05": names_sender,
    "06": connects,
    "07": converses,
    "08": sends_lines,
    "09": serves_datagrams,
    "10": serves_clients,
    "11": serves_one,
    "12": serves_clients,
}
