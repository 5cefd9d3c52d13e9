"""The program under judgement, and what a check may demand of it."""

from __future__ import annotations

import re
import resource
import signal
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from checker import faults, processes, sockets
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.failure import CheckFailed, CheckSkipped
from checker.program import Ending, Program
from checker.sockets import Protocol, Socket
from checker.text import compare, count, describe, plain, show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checker.loop import Loop
    from checker.observer import Recording
    from checker.timeline import Timeline

ACTOR = "your program"
UNSEEN = "needs to see its calls: it is linked statically, or not a C or C++ program"
READY = 2.0
"""Seconds a server gets from its start until it listens."""


class Subject:
    """A started program. Every method is one step; it raises CheckFailed when the step fails.
    `actor`: whose lane its steps and calls are in."""

    def __init__(self, program: Program, loop: Loop, timeline: Timeline, plan: str = "") -> None:
        self.program = program
        self.actor = ACTOR
        self._faults = plan
        self._loop = loop
        self._timeline = timeline

    # Its life

    def listens(self, protocol: Protocol, port: int) -> None:
        """It listens on that port, observed in the kernel's tables and not by trying, and goes on:
        whether one that ends at once is seen listening would be chance."""
        self.step(f"listens on {protocol} port {port}")
        bound: list[Socket] = []

        def ready() -> bool:
            bound[:] = sockets.bound_by(self.program.family())
            return any((b.protocol, b.port) == (protocol, port) for b in bound)

        self._loop.wait(lambda: ready() or self._over(), self._deadline(READY), CONDITION_POLL)
        self._loop.wait(self._waits_or_is_over, self._deadline(SILENCE), CONDITION_POLL)
        if not ready():
            wanted = f"a {protocol} socket that listens on port {port}"
            raise CheckFailed(wanted, self.gone() or _elsewhere(bound, protocol, port))

    def exits(self, within: float = REPLY) -> Ending:
        """It ends by itself."""
        self.step("exits")
        self._loop.wait(self._over, self._deadline(within), poll=0.01)
        if self.program.ending is None:
            raise CheckFailed("the program to exit", f"it still runs after {within:.1f} s")
        if self.program.excess:
            raise CheckFailed("the program to exit by itself", self.gone() or "")
        return self.program.ending

    def succeeds(self, within: float = REPLY) -> None:
        """It exits with status 0."""
        ending = self.exits(within)
        self._demand(ending.status == 0, "exit status 0", f"it {ending}{self._complaint()}")

    def stops_on(self, number: signal.Signals, within: float = REPLY) -> None:
        """That signal ends it, by default action or in its own way."""
        self.step(f"ends on {number.name}")
        self.program.signal(number)
        self._loop.wait(self._over, self._deadline(within), poll=0.01)
        self._demand(self.program.ending is not None, "the program to end", "it still runs")

    def still_runs(self) -> None:
        self.step("still runs")
        self._loop.wait(lambda: False, Deadline(0))
        ending = self.program.ending
        self._demand(ending is None, "a running program", f"it {ending}{self._complaint()}")

    @contextmanager
    def paused(self) -> Iterator[None]:
        """It gets no processor (SIGSTOP) while the block runs, so that what the peers do meanwhile
        has all happened when it looks."""
        pid = self.program.pid
        self._timeline.step("the lab", "pauses your program for a moment")
        self.program.signal(signal.SIGSTOP)
        self._loop.wait(
            lambda: processes.state(pid) in ("T", ""), self._deadline(REPLY), poll=CONDITION_POLL
        )
        yield
        self._timeline.step("the lab", "lets your program run on")
        self.program.signal(signal.SIGCONT)

    @contextmanager
    def out_of_descriptors(self) -> Iterator[None]:
        """It can open no further descriptor (EMFILE) while the block runs."""
        pid = self.program.pid
        taken = processes.descriptors(pid)
        free = next(number for number in range(len(taken) + 1) if number not in taken)
        self._timeline.step("the lab", "allows your program no further descriptor")
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (free, before[1]))
        yield
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
        self._timeline.step("the lab", "allows it descriptors again")

    # Failures that it must notice

    def notices_failure(self, claims: bytes, within: float = REPLY) -> None:
        """core: a message on standard error or a status other than 0, no signal, no hang, and not
        `claims`, the words that only success may print, on standard output."""
        ending = self.exits(within)
        self.step("notices the failure")
        wanted = "a message on standard error, or an exit status other than 0"
        self._demand(ending.signal is None, wanted, f"it {ending}{self._complaint()}")
        noticed = ending.status != 0 or bool(self.program.stderr.strip())
        self._demand(noticed, wanted, "no message, and exit status 0")
        out = bytes(self.program.stdout)
        self._demand(
            claims not in out,
            f"no {show(claims)} on standard output",
            f"it printed {describe(out)}",
        )

    def reports(
        self, call: str, *reasons: str, within: float = REPLY, or_calls: tuple[str, ...] = ()
    ) -> None:
        """craft: `error: CALL: REASON` on standard error, one of these reasons, and status 1.
        `or_calls`: others that do the same, such as recv for read."""
        ending = self.exits(within)
        self.step(f"reports the failure of {call}")
        said = bytes(self.program.stderr).decode(errors="replace").strip()
        lines = [f"error: {name}: {why}" for name in (call, *or_calls) for why in reasons]
        wanted = f"`{lines[0]}` on standard error"
        got = f"standard error: {describe(bytes(self.program.stderr))}"
        self._demand(said in lines, wanted, got)
        self._demand(ending.status == 1, "exit status 1", f"it {ending}")

    # What it prints

    def prints(self, expected: bytes, within: float = REPLY) -> None:
        """Its standard output from here on begins with these bytes (line ends as they are)."""
        self.step(f"prints {describe(expected)}")
        out = self.program.stdout
        self._loop.wait(lambda: len(out) >= len(expected) or self._over(), self._deadline(within))
        got = bytes(out[: len(expected)])
        if got != expected:
            raise CheckFailed(*self._explained(compare(expected, bytes(out))))

    def has_printed(self, line: bytes) -> None:
        """All of its standard output is `line`, whose line end may be missing or doubled."""
        self.step(f"has printed {describe(line)}")
        out, text = self.program.stdout, line.removesuffix(b"\n")
        ends = (b"", b"\n", line[len(text) :] + b"\n")
        if not out.startswith(text) or out[len(text) :] not in ends:
            raise CheckFailed(*self._explained(compare(line, bytes(out))))

    def prints_lines(self, within: float = REPLY) -> list[str]:
        """The lines of its standard output, once it has exited."""
        self.exits(within)
        return bytes(self.program.stdout).decode(errors="replace").splitlines()

    def has_no_memory_error(self) -> None:
        """The sanitisers found nothing (only they look, in the sanitised build)."""
        self.step("makes no memory error and no undefined operation")
        self._loop.wait(self._over, Deadline(SILENCE))
        found = self.sanitiser_report()
        self._demand(not found, "no report by AddressSanitizer or UBSan", found)

    # Its standard input

    def reads(self, data: bytes, within: float = REPLY) -> None:
        """Bytes on its standard input."""
        self._timeline.step("the lab", f"types {describe(data)}")
        taken = self.program.write_stdin(data, self._deadline(within))
        self._demand(taken, "the program to read its standard input", self.gone() or "it does not")

    def reads_end(self) -> None:
        """The end of its standard input."""
        self._timeline.step("the lab", "ends the program's standard input")
        self.program.end_stdin()

    # What the observer sees inside it

    def recording(self) -> Recording:
        """Its calls so far. The check is skipped where they cannot be seen."""
        recording = self.program.recording()
        if not recording.seen:
            raise CheckSkipped(UNSEEN)
        return recording

    def unharmed(self) -> list[str]:
        """Which of its faults did not happen, and why."""
        if not self._faults:
            return []
        recording = self.recording()
        if recording.refused:  # or the program says so: the ring is in its hands
            raise CheckSkipped(f"{recording.refused}: {self._faults}")
        plan = zip(faults.rules(self._faults), recording.counts, strict=False)
        return [
            f"your program calls {faults.call(rule)} {count(made, 'time') if made else 'never'}: "
            "nothing to make fail"
            for rule, made in plan
            if made < faults.first_time(rule)
        ]

    def harmed(self) -> bool:
        """Whether any of its faults happened."""
        return len(self.unharmed()) < len(faults.rules(self._faults))

    # Telling

    def step(self, text: str) -> None:
        self._timeline.step(self.actor, text)

    def must(self, holds: bool, expected: str, got: str) -> None:
        """A demand that is special to one check, on the current step."""
        self._demand(holds, expected, got)

    def must_soon(self, holds: Callable[[], bool], expected: str, got: Callable[[], str]) -> None:
        """A demand that the program may need a moment to meet."""
        if not self._loop.wait(holds, self._deadline(REPLY), poll=CONDITION_POLL):
            raise CheckFailed(expected, got())

    def gone(self) -> str | None:
        """What became of it, if it is over."""
        if not self.program.ended():
            return None
        if self.program.excess:
            return f"it was stopped, having {self.program.excess}"
        return f"it {self.program.ending}{self._complaint()}"

    def describe(self) -> str:
        """One line on its state, for the end of a failure."""
        found = self.sanitiser_report()
        if found:
            return found
        return self.gone() or f"it still runs{self._complaint()}"

    def sanitiser_report(self) -> str:
        """What AddressSanitizer or UBSan found, and where; empty if nothing."""
        text = bytes(self.program.stderr).decode(errors="replace")
        undefined = re.search(r"(\S*?:\d+:\d+): runtime error: (.*)", text)
        if undefined:
            return plain(f"undefined behaviour: {undefined[2]} (at {undefined[1]})")
        address = re.search(r"ERROR: (?:Address|Leak)Sanitizer:? ([^\n(]*?)(?: on | \(|\n)", text)
        if not address:
            return ""
        frame = re.search(r"in (main|[a-z_]\w*)\b[^\n]*? (\S*\.(?:cpp|cc|c)):(\d+)", text)
        where = f" (in {frame[1]}, {frame[2]}:{frame[3]})" if frame else ""
        return plain(f"memory error: {address[1]}{where}")

    def _over(self) -> bool:
        return self.program.ended()

    def _waits_or_is_over(self) -> bool:
        return processes.state(self.program.pid) == "S" or self._over()

    def _deadline(self, seconds: float) -> Deadline:
        return Deadline(seconds, self.program.family())

    def _complaint(self) -> str:
        said = bytes(self.program.stderr).strip()
        return f", saying {show(said)} on standard error" if said else ""

    def _explained(self, pair: tuple[str, str]) -> tuple[str, str]:
        gone = self.program.ending
        if not self.program.stdout:
            how = f"it {gone}{self._complaint()}" if gone else "it still runs"
            return pair[0], f"nothing on standard output; {how}"
        return pair

    def _demand(self, holds: bool, expected: str, got: str) -> None:
        if not holds:
            raise CheckFailed(expected, got)


def _elsewhere(bound: list[Socket], protocol: Protocol, port: int) -> str:
    """Says where a server listens instead; the commonest slips have a name."""
    if not bound:
        return f"it still runs, but listens nowhere after {READY:.1f} s"
    swapped = int.from_bytes(port.to_bytes(2, "little"), "big")
    for found in bound:
        if found.port == swapped and swapped != port:
            return f"{protocol} port {swapped}, which is {port} with its bytes swapped: htons?"
        if found.port == port:
            return f"a {found.protocol} socket on port {port}"
    return "it listens on " + ", ".join(f"{b.protocol} port {b.port}" for b in bound)
