"""TCP and UDP on one port number: do they get in each other's way?"""

from __future__ import annotations

import os
from typing import Literal

from checker import sockets
from checker.clock import CONDITION_POLL, REPLY, Deadline
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import failure, first_error, made
from checker.scene import Scene

Outcome = Literal["tcp", "not-tcp"]


def play(scene: Scene) -> Evidence:
    host, port = scene.host(), scene.port()
    mailbox = scene.datagrams("the UDP server", host, port)
    scene.timeline.step("the UDP server", f"has UDP port {port}")
    listener = scene.listener(host, port)
    scene.timeline.step("the server", f"listens on TCP port {port}")
    both = sorted(each.protocol for each in sockets.bound_by([os.getpid()]) if each.port == port)
    program = scene.start(host=host.name, port=port)
    scene.loop.wait(
        lambda: bool(program.gone()) or listener.has_caller(), Deadline(REPLY), CONDITION_POLL
    )
    connected = listener.has_caller()
    if connected:
        listener.accepts().closes()
    program.exits()
    program.must(bool(made(program, ("connect",))), "a call of connect", program.describe())
    facts: dict[str, Fact] = {
        "port": port,
        "sockets with that number": " and ".join(both),
        "sockets of the program": ", ".join(call.text for call in made(program, ("socket",))),
        "connections at the TCP server": int(connected),
        "datagrams at the UDP server": int(mailbox.has_mail()),
    }
    if failed := first_error(program, ("connect",)):
        facts |= failure(failed)
    facts["the program"] = program.describe()
    outcome: Outcome = "tcp" if connected else "not-tcp"
    return Evidence(outcome, facts)
