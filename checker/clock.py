"""Deadlines that count only the time in which the program could have run."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable

SILENCE = 0.2
"""Seconds without a byte that prove a silence."""

REPLY = 3.0
"""Seconds a program gets for one answer before it counts as silent."""

SLICE = 0.1
"""Seconds that one waits at a time, to notice when they took longer."""

LATE = 0.05
"""Seconds by which nobody oversleeps, unless the whole machine stood still, as a virtual one does
when its host has no time for it."""

STRETCH = 5.0
"""How many times as long as it says a deadline may be. A program whose own processes fight for the
processor starves itself, without end."""

CONDITION_POLL = 0.002
"""Seconds until the second look at a condition that the kernel does not announce."""


def _waited_for_a_cpu(pid: int | str) -> float:
    """Seconds this process was ready to run but had no processor (proc(5), schedstat)."""
    try:
        # Asked for so often that a Path, which takes five times as long, would be felt.
        descriptor = os.open(f"/proc/{pid}/schedstat", os.O_RDONLY)
        try:
            return int(os.read(descriptor, 64).split()[1]) / 1e9
        finally:
            os.close(descriptor)
    except (OSError, IndexError, ValueError):
        return 0.0


class Deadline:
    """A span of seconds that stretches by what a loaded machine took from the parties.

    `witnesses` are the process ids whose waiting for a processor counts, beside our own."""

    def __init__(self, seconds: float, witnesses: Iterable[int] = ()) -> None:
        self.seconds = seconds
        parties: list[int | str] = ["thread-self", *witnesses]
        self._start = time.monotonic()
        self._stood_still = 0.0
        self._waited_before = {pid: _waited_for_a_cpu(pid) for pid in parties}

    def overslept(self, seconds: float) -> None:
        """A sleep took so much longer than was asked for."""
        if seconds > LATE:
            self._stood_still += seconds

    def _starvation(self) -> float:
        """Of the party that waited longest: what they waited for at the same time counts once."""
        before = self._waited_before.items()
        waited = max(_waited_for_a_cpu(pid) - waited for pid, waited in before)
        return max(waited, self._stood_still)

    def spent(self) -> float:
        """Seconds passed since the start, without those in which a party was starved."""
        passed = time.monotonic() - self._start
        return max(passed - self._starvation(), passed / STRETCH)

    def left(self) -> float:
        """Seconds left; zero or less once the deadline has passed."""
        rough = self.seconds - (time.monotonic() - self._start)
        return rough if rough > 0 else self.seconds - self.spent()
