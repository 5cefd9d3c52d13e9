"""Clients that nobody accepts: how many are connected all the same?"""

from __future__ import annotations

import resource
import select
import socket
from typing import Literal

from checker.checks.echo import exchanges
from checker.clock import CONDITION_POLL, SILENCE, Deadline
from checker.experiments.model import Evidence, Fact
from checker.experiments.queue import of_listener
from checker.experiments.seen import silence
from checker.scene import Scene, Server

Outcome = Literal["queue", "more-than-tried", "accepted"]
SPARE = 200
"""Descriptors that the lab needs for other things."""
BEYOND = 3
"""So many clients more than the backlog says: enough to see one that gets no answer."""


def play(scene: Scene) -> Evidence:
    server = scene.serve("TCP")
    first = scene.connect(server)
    exchanges(scene, first)
    second = scene.connect(server, "the second")
    word = scene.text(12).encode()
    second.says(word)
    facts: dict[str, Fact] = {"backlog of the listener": of_listener(server).backlog}
    scene.loop.wait(
        lambda: of_listener(server).length == 0,
        silence(server.program),
        poll=CONDITION_POLL,
    )
    if of_listener(server).length == 0:
        facts["connections that wait"] = 0
        return Evidence("accepted", facts)
    crowd = _crowd(scene, server)
    queue = of_listener(server)
    answered = sum(_is_connected(each) for each in crowd)
    unanswered = len(crowd) - answered
    facts["connected and not accepted"] = 1 + answered
    facts["length of the queue"] = queue.length
    facts["clients that get no answer"] = unanswered
    first.closes()
    second.hears(word)
    facts["what the second hears when the first leaves"] = "its echo"
    return Evidence("queue" if unanswered else "more-than-tried", facts)


def _crowd(scene: Scene, server: Server) -> list[socket.socket]:
    """Clients that connect, up to one that has no answer for SILENCE."""
    backlog = of_listener(server).backlog
    scene.timeline.step("the crowd", "connects, one after the other, until one gets no answer")
    crowd: list[socket.socket] = []
    for _ in range(min(backlog + BEYOND, _room())):
        client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        scene.keep(client)
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", server.port))
        crowd.append(client)
        if not _is_connected(client) and not _will_connect(scene, client):
            break
    scene.timeline.step("the crowd", f"has {len(crowd):,} clients now")
    return crowd


def _will_connect(scene: Scene, client: socket.socket) -> bool:
    return scene.loop.wait(lambda: _is_connected(client), Deadline(SILENCE), CONDITION_POLL)


def _is_connected(client: socket.socket) -> bool:
    """A connection is there once bytes can be written (connect(2), EINPROGRESS)."""
    poll = select.poll()
    poll.register(client, select.POLLOUT)
    return any(event == select.POLLOUT for _, event in poll.poll(0))


def _room() -> int:
    """How many sockets the lab can have; as many as the machine lets it."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most - SPARE
