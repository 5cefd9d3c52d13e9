"""The process that makes one check: forked for it, alone in an arena of its own."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from checker.arena import Arena, enter_open, enter_private, write_id_maps
from checker.check import Build
from checker.failure import CheckerError
from checker.messages import Spec
from checker.plugin import RESULT, SCENE, blank
from checker.results import CheckResult
from checker.scene import Scene
from checker.text import escape
from checker.timeline import Event

PR_SET_PDEATHSIG = 1
LOGGED = 64 * 1024
"""Bytes of a program's output that are worth keeping in the log."""


class Report(msgspec.Struct):
    """What a worker sends back."""

    result: CheckResult
    log: str


@dataclass(frozen=True)
class Worker:
    """A check being made. `pipe`: where its Report will be read from."""

    item: pytest.Item
    build: Build
    pid: int
    pipe: int
    started: float


def fork_into_arena(item: pytest.Item, spec: Spec, build: Build, binary: Path) -> tuple[int, int]:
    """Makes the check in a new process; returns its process id and the pipe for its Report."""
    pipe_read, pipe_write = os.pipe()
    entered_read, entered_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _die_with(parent)
            gc.disable()  # it would copy every page that it looks at, and the process is short
            for ours in (pipe_read, entered_read, mapped_write):
                os.close(ours)

            def maps_ready() -> None:
                os.write(entered_write, b"e")
                if not os.read(mapped_read, 1):
                    raise CheckerError("the arena's user map could not be written")

            report = _make(item, spec, build, binary, maps_ready)
            with os.fdopen(pipe_write, "wb") as pipe:
                pipe.write(msgspec.msgpack.encode(report))
        finally:
            os._exit(0)
    for theirs in (pipe_write, entered_write, mapped_read):
        os.close(theirs)
    try:
        if spec.private and os.read(entered_read, 1):
            write_id_maps(pid)
            os.write(mapped_write, b"m")
    except OSError:
        pass  # the worker sees the pipe's end, and reports it
    finally:
        os.close(entered_read)
        os.close(mapped_write)
    return pid, pipe_read


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _make(item: pytest.Item, spec: Spec, build: Build, binary: Path, maps_ready: object) -> Report:
    random = Random(f"{spec.seed}/{spec.task}/{item.name}")
    try:
        arena = _enter(spec, random, maps_ready)
    except CheckerError as error:
        result = blank(item, spec)
        result.outcome, result.reason = "error", str(error)
        return Report(result, "")
    scene = Scene(arena, binary, spec.template, random, spec.fixed_port, build == "sanitised")
    item.stash[SCENE] = scene
    runtestprotocol(item, log=False, nextitem=None)
    result = item.stash[RESULT]
    return Report(result, _log(result, scene))


def _enter(spec: Spec, random: Random, maps_ready: object) -> Arena:
    assert callable(maps_ready)
    return enter_private(random, maps_ready) if spec.private else enter_open()


def _said(event: Event) -> str:
    if event.kind == "step":
        return event.text
    return f"{event.text} {event.answer or 'did not return'}"


def _log(result: CheckResult, scene: Scene) -> str:
    """Everything that is known of the check, for the log file."""
    lines = [f"== {result.id} ({result.level}): {result.outcome}", f"   {result.title}"]
    lines += [f"{event.at:9.4f}  {event.actor} {_said(event)}" for event in result.timeline]
    for label, text in (("expected", result.expected), ("got", result.got), ("", result.reason)):
        if text:
            lines += [f"{label}:", *(f"    {line}" for line in text.splitlines())]
    for subject in scene.subjects:
        lines.append(f"program: {' '.join(subject.program.command)}: {subject.program.ending}")
        for name, heard in (("stdout", subject.program.stdout), ("stderr", subject.program.stderr)):
            if heard:
                lines.append(f"{name} ({len(heard)} bytes):")
                lines += [f"    {escape(line)}" for line in bytes(heard[:LOGGED]).split(b"\n")]
    return "\n".join(lines) + "\n"
