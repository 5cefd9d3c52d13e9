"""One program run by hand: its life from the start to the end, and what is shown of it."""

from __future__ import annotations

import math
import shlex
import signal
import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, BinaryIO

from rich.text import Text

from checker.arena import DEFAULT_PORT
from checker.clock import REPLY, SILENCE, Deadline
from checker.reports.console import complain
from checker.scene import Scene
from checker.trace.capture import Capture
from checker.trace.live import TICK, Live

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from pathlib import Path

    from rich.console import Console

    from checker.arena import Arena
    from checker.catalog import Task
    from checker.prison import Stdin
    from checker.program import Program
    from checker.trace import Peer

LONGEST = 30.0
"""Seconds that a trace may take at which nobody sits."""
SETTLING = 2.0
"""Seconds at most until a program that has nobody to talk to any more is ended."""


@dataclass(frozen=True)
class Asked:
    """`arguments`: the program's, or none for the task's own; `attended`: somebody sits there, who
    ends it; `packets`: where the packets go."""

    task: Task
    binary: Path
    arguments: list[str]
    peer: Peer
    attended: bool
    packets: BinaryIO | None


class Session:
    """`stop`: what is readable when somebody wants it all to end; `actors`: who has a lane.
    `status`: what the command's exit status will be."""

    def __init__(
        self, asked: Asked, arena: Arena, stop: Connection, actors: list[str], out: Console
    ) -> None:
        self.asked = asked
        self.status = 0
        self.also: list[Callable[[], None]] = []
        self._stopped = self._late = False
        self._stop = stop
        self._out = out
        literal = [word.replace("{", "{{").replace("}", "}}") for word in asked.arguments]
        template = shlex.join(literal) or asked.task.file.arguments
        self.scene = Scene(arena, asked.binary, template, Random())
        self.timeline, self.loop = self.scene.timeline, self.scene.loop
        self._live = Live(self.timeline, actors, out)
        self._deadline = Deadline(math.inf if asked.attended else LONGEST)
        self._capture = self._captured()
        self.loop.on_readable(stop, self._on_stop)

    def start(self, stdin: Stdin, host: str = "", port: int = DEFAULT_PORT) -> Program:
        self.program = self.scene.start(stdin, host=host, port=port).program
        self._live.watch(self.program)
        return self.program

    def until(self, done: Callable[[], bool], seconds: float = math.inf) -> bool:
        """Serves until it is done, and tells whether it is; not longer than that, and not when the
        program or the trace is over."""
        left = self._deadline.left()
        self._serve(lambda: done() or self.over(), min(seconds, left))
        self._late = self._late or (left <= seconds and not done() and not self.over())
        return done()

    def over(self) -> bool:
        """There is nothing more to play."""
        return self._stopped or self._late or self.program.ended()

    def finish(self) -> None:
        """Ends a program that still runs, and shows the rest."""
        if self._late:
            complain(f"{LONGEST:g} s are over: your program is ended")
            self.status = 1
        self.until(lambda: time.monotonic() - self._live.changed > SILENCE, SETTLING)
        for number in (signal.SIGINT if self._stopped else signal.SIGTERM, signal.SIGKILL):
            if not self.program.ended():
                self.timeline.step("the lab", f"ends your program ({number.name})")
                self.program.signal(number)
                self._serve(self.program.ended, REPLY)
        self._serve(lambda: False, 0)  # what it sent at last
        if self.program.excess:
            self.timeline.step("the lab", f"stopped your program, having {self.program.excess}")
        self._live.end(str(self.program.ending or "still runs"))
        if self._capture and self.asked.packets:
            self._out.print(Text(f"{self.asked.packets.name}: {self._capture}", style="label"))

    def _serve(self, done: Callable[[], bool], seconds: float) -> None:
        def looked() -> bool:
            for look in (*self.also, self._live.look):
                look()
            return done()

        self.loop.wait(looked, Deadline(seconds), poll=TICK)

    def _on_stop(self) -> None:
        self._stopped = True
        self.loop.forget(self._stop)

    def _captured(self) -> Capture | None:
        if self.asked.packets is None:
            return None
        if not self.scene.arena.private:
            complain("no packets: that needs a private network, see `./lab doctor`")
            return None
        try:
            return Capture(self.asked.packets, self.loop)
        except OSError as error:
            complain(f"no packets: this machine does not let them be captured ({error.strerror})")
            return None
