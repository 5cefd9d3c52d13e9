"""The server goes in three ways: which of them does the client notice?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, ends_soon, over_the_wire, waiting, written
from checker.peers.stream import Stream
from checker.scene import DEFAULT_MESSAGE, Scene
from checker.subject import Subject

Outcome = Literal["all", "end-and-reset", "end-only", "reset-only", "none"]
NOTICED: dict[tuple[bool, bool, bool], Outcome] = {
    (True, True, True): "all",
    (True, True, False): "end-and-reset",
    (True, False, False): "end-only",
    (False, True, False): "reset-only",
    (False, False, False): "none",
}


def play(scene: Scene) -> Evidence:
    facts: dict[str, Fact] = {}
    ways: dict[str, Callable[[Stream], None]] = {
        "end (FIN)": Stream.closes,
        "reset (RST)": Stream.resets,
        "silence": lambda server: scene.timeline.step(server.name, "says nothing more"),
    }
    ends, resets, silences = (
        _noticed(scene, f"{name}: ", leaves, facts) for name, leaves in ways.items()
    )
    # Who notices a silence within a moment has not waited for anything, whatever happened.
    return Evidence(NOTICED.get((ends, resets, silences), "all"), facts)


def _noticed(
    scene: Scene, prefix: str, leaves: Callable[[Stream], None], facts: dict[str, Fact]
) -> bool:
    """Whether the program ends when its server leaves in that way; adds the facts."""
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    program = scene.start(host=host.name, port=port)
    server = listener.accepts()
    scene.keep(server)  # who is let go of has not fallen silent, but closed
    server.hears(DEFAULT_MESSAGE.encode())
    leaves(server)
    program.step("notices, or waits on")
    noticed = ends_soon(scene, program)
    facts[f"{prefix}the last call that read"] = _last_read(program)
    facts[f"{prefix}the program"] = program.describe()
    return noticed


def _last_read(program: Subject) -> str:
    if waits := waiting(program):
        return f"{written(waits)} does not return"
    reads = over_the_wire(program, RECEIVES)
    if not reads:
        return "none"
    last = reads[-1]
    return f"{last.call} = {last.error or last.result}"
