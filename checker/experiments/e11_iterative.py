"""A server that serves one client after another: where does it block?"""

from __future__ import annotations

from typing import Literal

from checker.checks.echo import exchanges
from checker.experiments.model import Evidence, Fact
from checker.experiments.queue import of_listener
from checker.experiments.seen import kind, rests_in, written
from checker.scene import Scene

Outcome = Literal["accept-read", "select", "both", "elsewhere"]


def play(scene: Scene) -> Evidence:
    server = scene.serve("TCP")
    program = server.program
    alone = rests_in(scene, program)
    first = scene.connect(server)
    silent = rests_in(scene, program)
    exchanges(scene, first)
    scene.connect(server)
    two = rests_in(scene, program)
    facts: dict[str, Fact] = {
        "without a client, waits in": written(alone),
        "with a silent client, in": written(silent),
        "when another one connects, in": written(two),
        "connections that nobody has accepted": of_listener(server).length,
    }
    kinds = [kind(waits) for waits in (alone, silent, two)]
    outcome: Outcome = "elsewhere"
    if kinds == ["accept", "read", "read"]:
        outcome = "accept-read"
    elif set(kinds) == {"select"}:
        outcome = "select"
    elif kinds[0] == "accept" and len(silent) > 1:
        outcome = "both"
    return Evidence(outcome, facts)
