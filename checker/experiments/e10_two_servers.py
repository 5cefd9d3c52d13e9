"""Two servers on one UDP port: who gets it?"""

from __future__ import annotations

from functools import partial
from typing import Literal

from checker.clock import CONDITION_POLL, REPLY, Deadline
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, failure, first_error, made, waiting
from checker.scene import Scene
from checker.sockets import bound_by
from checker.subject import ACTOR, Subject

Outcome = Literal["second-fails", "second-elsewhere", "first-has-all", "second-has-all", "shared"]
MOST_CLIENTS = 20
"""Each on a port of its own: by address and port, SO_REUSEPORT deals them out (socket(7)). That one
server gets so many by chance happens once in half a million runs."""
NAMED = 2
"""So many have a lane of their own in the picture."""


def play(scene: Scene) -> Evidence:
    first = scene.serve("UDP")
    port = first.port
    second = scene.start(port=port)
    second.actor = f"{ACTOR}, the second"
    second.step("gets the same port, or does not")
    second.must_soon(
        lambda: bool(second.gone() or _ports(second) or waiting(second)),
        "a server, or its end",
        second.describe,
    )
    facts: dict[str, Fact] = {"port": port}
    facts["sockets with that port"] = [_ports(first.program), _ports(second)].count([port])
    options = [call.text for call in second.recording().calls("setsockopt")]
    facts["socket options of the second"] = ", ".join(options) or "none"
    if failed := first_error(second, ("bind",)):
        facts |= failure(failed)
    facts["the second"] = second.describe()
    if second.gone():
        return Evidence("second-fails", facts)
    if _ports(second) != [port]:
        facts["where the second is"] = " ".join(map(str, _ports(second))) or "on no port"
        return Evidence("second-elsewhere", facts)
    shares = _shares(scene, port, [first.program, second])
    facts["datagrams at the first"], facts["datagrams at the second"] = shares
    outcome: Outcome = "shared"
    if not all(shares):
        outcome = "first-has-all" if shares[0] else "second-has-all"
    return Evidence(outcome, facts)


def _ports(program: Subject) -> list[int]:
    return [each.port for each in bound_by(program.program.family()) if each.protocol == "UDP"]


def _shares(scene: Scene, port: int, servers: list[Subject]) -> list[int]:
    """How many of the clients' datagrams each server has got. As soon as each has one, it is clear
    that they share them."""
    for number in range(1, MOST_CLIENTS + 1):
        client = scene.datagrams(f"client {number}" if number <= NAMED else "further clients")
        client.says(b"Who are you?\n", ("127.0.0.1", port))
        scene.loop.wait(partial(_all_got, servers, number), Deadline(REPLY), CONDITION_POLL)
        shares = [_got(server) for server in servers]
        if all(shares):
            break
    return shares


def _all_got(servers: list[Subject], number: int) -> bool:
    return sum(_got(server) for server in servers) >= number


def _got(server: Subject) -> int:
    return len([call for call in made(server, RECEIVES) if not call.error])
