"""Where the guide's recordings are made: an arena with hosts that have names."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path
from random import Random

import msgspec

from checker import run
from checker.arena import DEFAULT_HOST, Arena
from checker.build import compile_source
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.guide.script import Line, written
from checker.guide.terminals import Terminals
from checker.guide.variants import Variant

SEED = 1
EVENTS = 100
"""Of a check's timeline, so many are kept, the last ones."""


def transcript(programs: list[Variant], script: list[Line]) -> str:
    """The script, with what appeared when it was typed."""
    binaries = {variant.task.slug: _binary(variant) for variant in programs}
    return written(_in_arena(lambda arena: Terminals(arena, binaries, script).record()))


def check(variant: Variant, name: str) -> str:
    """The check's result, as JSON."""
    request = run.Request(
        variant.task, variant.source(), only=frozenset([name]), seed=SEED, diagnose=False
    )
    judged = run.run(request)
    if not judged.result.checks or judged.result.outcome == "error":
        raise CheckerError(f"{variant.label}, {name}: {judged.log}")
    result = judged.result.checks[0]
    result.timeline = result.timeline[-EVENTS:]
    return msgspec.json.format(msgspec.json.encode(result), indent=1).decode() + "\n"


def _binary(variant: Variant) -> Path:
    compiled = compile_source(variant.source(), "judged", confined=True)
    if compiled.binary is None:
        raise CheckerError(f"{variant.label} does not compile: {compiled.said}")
    return compiled.binary


def _furnish(arena: Arena) -> None:
    """The hosts that transcripts may name; `dead.lab.test` has a name server that fails, and
    `slow.lab.test` one that is silent."""
    names = arena.names
    assert names is not None, "a private arena has a name server"
    names.host(DEFAULT_HOST, "127.1.2.3")
    names.reverse("127.1.2.3", DEFAULT_HOST)
    names.host("web.lab.test", "127.0.7.10", "10.0.0.7")
    names.alias("www.lab.test", "web.lab.test")
    names.fails_for("dead.lab.test")
    names.ignores("slow.lab.test")


def _in_arena(work: Callable[[Arena], list[Line]]) -> list[Line]:
    ours, theirs = Pipe(duplex=False)

    def enter_and_work(enter: Enter) -> None:
        try:
            arena = enter(Random(SEED))
            _furnish(arena)
            theirs.send(work(arena))
        except Exception as error:
            theirs.send(CheckerError(str(error)))

    pid = fork_for_arena(enter_and_work)
    theirs.close()
    try:
        told: list[Line] | CheckerError = ours.recv()
    except EOFError as error:
        raise CheckerError("the process in the arena died") from error
    finally:
        os.waitpid(pid, 0)
    if isinstance(told, CheckerError):
        raise told
    return told
