"""Runs a function inside a fresh arena, in a process of its own: who enters one never leaves."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import traceback
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

from checker.arena import Arena
from checker.entering import PR_SET_PDEATHSIG, Enter, fork_for_arena
from checker.failure import CheckerError, CheckFailed, CheckSkipped
from checker.scene import Scene

T = TypeVar("T")

CLONE_NEWNS, CLONE_NEWPID = 0x00020000, 0x20000000


def in_arena(work: Callable[[Arena], T], seed: int = 0, own_pids: bool = False) -> T:
    """What `work` returns there; what it raises is raised here. `own_pids`: in a pid namespace of
    its own too, so that whatever becomes of it, nothing that it started lives on."""
    told_read, told_write = os.pipe()

    def tell(enter: Enter) -> None:
        os.close(told_read)

        def enter_and_work() -> T:
            arena = enter(Random(seed))
            if own_pids:
                _become_first_process()
            return work(arena)

        ending = _ending(enter_and_work)
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
    return what  # type: ignore[no-any-return]  # pickle's


def _become_first_process() -> None:
    """Goes on in the first process of a new pid namespace, with which all others of it die."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWPID | CLONE_NEWNS) != 0:
        raise CheckerError(f"unshare: {os.strerror(ctypes.get_errno())}")
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        os._exit(0)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if libc.mount(b"proc", b"/proc", b"proc", 0, None) != 0:
        raise CheckerError(f"mount /proc: {os.strerror(ctypes.get_errno())}")


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
