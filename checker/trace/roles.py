"""What the lab plays for a program: a server, a client, or nobody."""

from __future__ import annotations

import shlex
import socket
from typing import TYPE_CHECKING

from checker import sockets
from checker.arena import DEFAULT_PORT
from checker.clock import REPLY
from checker.subject import READY
from checker.trace import server
from checker.trace.ends import Connection, End, Mailbox, echoes, leaves, listens
from checker.trace.keyboard import Keyboard
from checker.trace.typed import Typed

if TYPE_CHECKING:
    from checker.catalog import Task
    from checker.scene import Scene
    from checker.sockets import Socket
    from checker.trace.session import Session

CLIENT = "the client"
LINES = ADDRESSES = 3
ANSWER = 1.0
"""Seconds that a line's answer may take until the next line is said."""


def peer_of(task: Task) -> str:
    """The name of what the lab plays for that task's program; empty for nobody."""
    arguments = task.file.arguments
    if "{port}" not in arguments:
        return ""
    return server.NAME if "{host}" in arguments else CLIENT


def play(session: Session) -> None:
    """Starts the program, and plays until there is nothing more to say."""
    parts = {"": _nobody, server.NAME: _server, CLIENT: _client}
    parts[peer_of(session.asked.task)](session)


def _nobody(session: Session) -> None:
    scene = session.scene
    host = scene.host()
    name = host.name
    if scene.arena.names:
        scene.names.host(name, *(scene.address() for _ in range(ADDRESSES)))
        name = f"www.{name}"
        scene.names.alias(name, host.name)
    session.start("open", host=name)
    session.until(lambda: False)


def _server(session: Session) -> None:
    scene, asked = session.scene, session.asked
    host, port = scene.host(), _port(session)
    if scene.arena.names:
        scene.names.reverse(host.address, host.name)
    # What a student types as the host may be any name of this one.
    anywhere = scene.arena.private and asked.arguments
    address = ("0.0.0.0" if anywhere else host.address, port)
    if asked.peer == "echo":
        server.Server(scene, address, echoes, lambda _: None)
    else:
        server.Server(scene, address, listens, Typed(scene.loop).meets)
    program = session.start("piped", host=host.name, port=port)
    session.also.append(Keyboard(program, _lines(scene), asked.peer == "echo", scene.timeline).look)
    session.until(lambda: False)


def _client(session: Session) -> None:
    port = _port(session)
    session.start("open", port=port)
    there = _listener(session, port)
    if there is None:
        session.status = 1
        if not session.over():
            _tell(session, f"finds no socket that listens, for {READY:.0f} s")
        return
    end = _end(session, there)
    if end is None:
        session.status = 1
    elif session.asked.peer == "nc":
        Typed(session.loop).meets(end)
        session.until(lambda: end.over)
    else:
        for line in _lines(session.scene):
            end.says(line)
            session.until(lambda: end.answered or end.over, ANSWER)
        end.ends()
        session.until(lambda: end.over, REPLY)


def _listener(session: Session, port: int) -> Socket | None:
    """The program's socket on that port, else any that it listens with."""
    bound: list[Socket] = []

    def listens_there() -> bool:
        bound[:] = sockets.bound_by(session.program.family())
        return any(each.port == port for each in bound)

    session.until(listens_there, READY)
    bound.sort(key=lambda each: (each.port != port, each.protocol != "TCP"))
    return bound[0] if bound else None


def _end(session: Session, there: Socket) -> End | None:
    if there.protocol == "UDP":
        to = ("127.0.0.1", there.port)
        return Mailbox(CLIENT, ("127.0.0.1", 0), session.scene, leaves, to)
    _tell(session, f"connects to port {there.port}")
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.settimeout(REPLY)
    try:
        sock.connect(("127.0.0.1", there.port))
    except OSError as error:
        _tell(session, f"cannot connect: {error.strerror or 'no answer'}")
        return None
    return Connection(CLIENT, sock, session.scene, leaves)


def _port(session: Session) -> int:
    """The port among the program's arguments; the textbook's own if there is none."""
    if not session.asked.arguments:
        return session.scene.port()
    words = shlex.split(session.asked.task.file.arguments)
    place = next(index for index, word in enumerate(words) if "{port}" in word)
    given = "".join(session.asked.arguments[place : place + 1])
    return int(given) if given.isdecimal() and 0 < int(given) < 2**16 else DEFAULT_PORT


def _lines(scene: Scene) -> list[bytes]:
    return [f"{scene.text(scene.random.randrange(4, 12))}\n".encode() for _ in range(LINES)]


def _tell(session: Session, text: str) -> None:
    session.timeline.step(CLIENT, text)
