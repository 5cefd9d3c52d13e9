"""Runs a function inside a fresh arena, in a process of its own: who enters one never leaves."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from checker.arena import Arena
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError, CheckFailed, CheckSkipped
from checker.scene import Scene

T = TypeVar("T")


def in_arena(work: Callable[[Arena], T], seed: int = 0) -> T:
    """What `work` returns there; what it raises is raised here."""
    told_read, told_write = os.pipe()

    def tell(enter: Enter) -> None:
        os.close(told_read)
        ending = _ending(lambda: work(enter(Random(seed))))
        with os.fdopen(told_write, "wb") as told:
            told.write(ending)

    pid = fork_for_arena(tell)
    os.close(told_write)
    with os.fdopen(told_read, "rb") as heard:
        pickled = heard.read()
    _, status = os.waitpid(pid, 0)
    assert pickled, f"the process in the arena died: wait status {status}"
    how, what = pickle.loads(pickled)
    if how == "failed":
        raise CheckFailed(*what)
    if how == "raised":
        raise what
    return what  # type: ignore[no-any-return]


def _ending(work: Callable[[], object]) -> bytes:
    try:
        return pickle.dumps(("returned", work()))
    except CheckFailed as failure:
        return pickle.dumps(("failed", (failure.expected, failure.got)))
    except (AssertionError, CheckerError, CheckSkipped) as error:
        return pickle.dumps(("raised", error))
    except BaseException:
        return pickle.dumps(("raised", AssertionError(traceback.format_exc())))


def on_stage(
    binary: Path, act: Callable[[Scene], T], arguments: str = "{port}", seed: int = 0
) -> T:
    """What `act` makes of a scene with this program; everything it started is ended."""

    def work(arena: Arena) -> T:
        scene = Scene(arena, binary, arguments, Random(seed))
        try:
            return act(scene)
        finally:
            scene.close()

    return in_arena(work, seed)
