"""A process that makes checks, one after the other: each alone in an arena of its own."""

from __future__ import annotations

import gc
import os
import signal
import time
from multiprocessing import Pipe
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
from checker.processes import end_orphans
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


class Order(msgspec.Struct):
    """Which check to make: the number of the item, and the program to make it with."""

    number: int
    build: Build
    binary: str


class Worker:
    """Makes those of the checks `items` that it is told to; its process is forked for the first.
    `item`, `build` and `started` tell of the last one; `connection` becomes readable when that is
    over."""

    def __init__(self, items: list[pytest.Item], spec: Spec) -> None:
        self.connection, self._theirs = Pipe()
        self.pid = 0
        self._items = items
        self._spec = spec

    def make(self, item: pytest.Item, build: Build, binary: Path) -> None:
        """To be called when the check before is over."""
        self.item, self.build, self.started = item, build, time.monotonic()
        order = Order(self._items.index(item), build, str(binary))
        self.connection.send_bytes(msgspec.msgpack.encode(order))
        if not self.pid:
            self.pid = fork_for_arena(self._work, self._spec.private)
            self._theirs.close()

    def report(self) -> Report | None:
        """None when it has died of the check."""
        try:
            return msgspec.msgpack.decode(self.connection.recv_bytes(), type=Report)
        except (EOFError, ConnectionResetError):
            return None

    def end(self) -> None:
        """Whatever it does, with all that it has started."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        end_orphans()
        self.connection.close()

    def _work(self, enter: Enter) -> None:
        gc.freeze()
        gc.disable()  # it would copy every page that it looks at
        self.connection.close()
        while True:
            order = msgspec.msgpack.decode(self._theirs.recv_bytes(), type=Order)
            item = self._items[order.number]
            report = _make(item, self._spec, order.build, Path(order.binary), enter)
            self._theirs.send_bytes(msgspec.msgpack.encode(report))
            gc.collect()  # looks at what this check has left, and closes what is open of it


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
    del item.stash[SCENE]
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
