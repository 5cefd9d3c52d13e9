"""A server that serves one client and turns the others away: where does it block?"""

from __future__ import annotations

from typing import Literal

from checker.checks.echo import exchanges
from checker.clock import CONDITION_POLL
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import kind, rests_in, silence, written
from checker.scene import Scene
from checker.text import describe

Outcome = Literal["select", "accept-read", "elsewhere"]


def play(scene: Scene) -> Evidence:
    server = scene.serve("TCP")
    program = server.program
    alone = rests_in(scene, program)
    first = scene.connect(server)
    exchanges(scene, first)
    silent = rests_in(scene, program)
    second = scene.connect(server)
    answered = scene.loop.wait(second.has_mail, silence(program), CONDITION_POLL)
    facts: dict[str, Fact] = {
        "without a client, waits in": written(alone),
        "with a silent client, in": written(silent),
        "a second client hears": describe(second.hears_all()) if answered else "nothing",
    }
    kinds = [kind(waits) for waits in (alone, silent)]
    outcome: Outcome = "elsewhere"
    if set(kinds) == {"select"}:
        outcome = "select"
    elif kinds == ["accept", "read"]:
        outcome = "accept-read"
    return Evidence(outcome, facts)
