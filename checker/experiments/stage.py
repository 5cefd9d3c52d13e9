"""Plays an experiment's scene with a program, in an arena and a process of its own."""

from __future__ import annotations

import importlib
import os
import signal
import traceback
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import msgspec

from checker import machine
from checker.entering import Enter, fork_for_arena
from checker.experiments.model import Evidence, UnclearError
from checker.failure import CheckerError, CheckFailed, CheckSkipped
from checker.run import prober_server
from checker.scene import Scene

if TYPE_CHECKING:
    from checker.experiments.model import Experiment


class _Unclear(msgspec.Struct, tag=True):
    expected: str
    got: str


class _Broken(msgspec.Struct, tag=True):
    why: str
    where: str


class _Shown(msgspec.Struct, tag=True):
    evidence: Evidence


def prepare() -> None:
    """Finds out whether there can be an arena here, and loads what opens one, which takes as long
    as to compile. CheckerError: there cannot."""
    trouble = machine.why_no_arena()
    if trouble:
        raise CheckerError(
            f"every experiment needs a private network, and there is none here ({trouble}); "
            "`./lab doctor` says what mends it"
        )
    prober_server()


def observe(experiment: Experiment, binary: Path, seed: int) -> Evidence:
    """What the scene shows with this program; everything that it began is ended. UnclearError;
    CheckerError."""
    ours, theirs = Pipe(duplex=False)
    task = experiment.task
    arguments = task.file.arguments
    process = prober_server().Process(
        target=_perform, args=(experiment.scene.stem, binary, arguments, seed, theirs), daemon=True
    )
    process.start()
    theirs.close()
    try:
        told = msgspec.msgpack.decode(ours.recv_bytes(), type=_Shown | _Unclear | _Broken)
    except EOFError:
        told = _Broken("the process in the arena died", "")
    finally:
        ours.close()
        process.kill()
        process.join()
    if isinstance(told, _Unclear):
        got = told.got.splitlines()[0]
        more = f"`./lab check {task.number}` says more"
        raise UnclearError(f"nothing was shown: expected {told.expected}, got {got}; {more}")
    if isinstance(told, _Broken):
        error = CheckerError(told.why)
        error.add_note(told.where)
        raise error
    return told.evidence


def _perform(scene: str, binary: Path, template: str, seed: int, back: Connection) -> None:
    """In a process without threads, which may be forked."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command ends us

    def work(enter: Enter) -> None:
        back.send_bytes(msgspec.msgpack.encode(_told(scene, binary, template, seed, enter)))

    os.waitpid(fork_for_arena(work), 0)


def _told(
    name: str, binary: Path, template: str, seed: int, enter: Enter
) -> _Shown | _Unclear | _Broken:
    try:
        play = importlib.import_module(f"checker.experiments.{name}").play
        random = Random(seed)
        scene = Scene(enter(random), binary, template, random)
        try:
            evidence: Evidence = play(scene)
            scene.timeline.merge(scene.calls())
        finally:
            scene.close()
    except CheckFailed as failure:
        return _Unclear(failure.expected, failure.got)
    except CheckSkipped as skipped:
        return _Unclear("a program that shows it", str(skipped))
    except CheckerError as error:
        return _Broken(str(error), "")
    except Exception as error:
        return _Broken(f"{type(error).__name__}: {error}", traceback.format_exc())
    return _Shown(msgspec.structs.replace(evidence, timeline=scene.timeline.events))
