"""The process that makes one check: forked for it, alone in an arena of its own."""

from __future__ import annotations

import gc
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from checker.check import Build
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.messages import Spec
from checker.plugin import RESULT, SCENE, blank
from checker.results import CheckResult
from checker.scene import Scene
from checker.text import escape
from checker.timeline import Event

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

    def work(enter: Enter) -> None:
        gc.disable()  # it would copy every page that it looks at, and the process is short
        os.close(pipe_read)
        report = _make(item, spec, build, binary, enter)
        with os.fdopen(pipe_write, "wb") as pipe:
            pipe.write(msgspec.msgpack.encode(report))

    pid = fork_for_arena(work, spec.private)
    os.close(pipe_write)
    return pid, pipe_read


def _make(item: pytest.Item, spec: Spec, build: Build, binary: Path, enter: Enter) -> Report:
    random = Random(f"{spec.seed}/{spec.task}/{item.name}")
    try:
        arena = enter(random)
    except CheckerError as error:
        result = blank(item, spec)
        result.outcome, result.reason = "error", str(error)
        return Report(result, "")
    scene = Scene(arena, binary, spec.template, random, spec.fixed_port, build == "sanitised")
    item.stash[SCENE] = scene
    runtestprotocol(item, log=False, nextitem=None)
    result = item.stash[RESULT]
    return Report(result, _log(result, scene))


def _said(event: Event) -> str:
    if event.kind == "step":
        return event.text
    answer = "did not return" if event.mark == "blocked" else event.answer
    return f"{event.text} {answer}".rstrip()


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
