"""Runs a function inside a fresh arena, in a process of its own: who enters one never leaves."""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from checker.arena import Arena, enter_private, write_id_maps
from checker.failure import CheckerError, CheckFailed, CheckSkipped
from checker.scene import Scene

T = TypeVar("T")


def in_arena(work: Callable[[Arena], T], seed: int = 0) -> T:
    """What `work` returns there; what it raises is raised here."""
    told_read, told_write = os.pipe()
    entered_read, entered_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for ours in (told_read, entered_read, mapped_write):
                os.close(ours)

            def maps_ready() -> None:
                os.write(entered_write, b"e")
                os.read(mapped_read, 1)

            ending = _ending(lambda: work(enter_private(Random(seed), maps_ready)))
            with os.fdopen(told_write, "wb") as told:
                told.write(ending)
        finally:
            os._exit(0)
    for theirs in (told_write, entered_write, mapped_read):
        os.close(theirs)
    if os.read(entered_read, 1):
        write_id_maps(pid)
        os.write(mapped_write, b"m")
    os.close(entered_read)
    os.close(mapped_write)
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
