"""A plan is tried: its program is played with, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from checker import ladder
from checker.arena import Arena
from checker.failure import CheckFailed
from checker.proof.plans import Plan
from checker.proof.plays import clients, servers
from checker.reports.console import console
from checker.scene import Scene

LAST_ROWS = 60
PLAYS: dict[str, Callable[[Scene, Plan], None]] = {
    "01": clients.host_name,
    "02": clients.look_up,
    "03": clients.sends,
    "04": clients.asks,
    "05": clients.names_sender,
    "06": clients.connects,
    "07": clients.converses,
    "08": clients.sends_lines,
    "09": servers.serves_datagrams,
    "10": servers.serves_clients,
    "11": servers.serves_one,
    "12": servers.serves_clients,
}


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
