"""What the ledger keeps of each judging, and how several of them make one verdict."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from checker.results import Result, TaskOutcome


@dataclass(frozen=True, order=True)
class Key:
    """What a verdict depends on; `source`: SHA-256 of the files; `checker`: see `judge_of`."""

    task: str
    source: str
    checker: str
    toolchain: str
    seed: int


@dataclass(frozen=True)
class Attempt:
    """One judging. `verdict`: what of it must not differ from one attempt to the next, "" when it
    ended with the checker's own error; `alone`: nothing else was judged meanwhile; `started`: ISO
    8601, UTC; `trouble`: the error in one line."""

    outcome: TaskOutcome
    verdict: str
    started: str
    seconds: float
    alone: bool = False
    trouble: str = ""


def verdict_of(result: Result) -> str:
    """The facts: no times, and no words that may name a port or a process."""
    if result.outcome == "error":
        return ""
    checks = {check.id: check.outcome for check in result.checks}
    return msgspec.json.encode([result.outcome, result.points, checks]).decode()


@dataclass(frozen=True)
class Standing:
    """The attempts at one verdict, in their order."""

    attempts: tuple[Attempt, ...] = ()

    @property
    def good(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.outcome != "error"]

    @property
    def unstable(self) -> bool:
        """The good ones do not agree."""
        return len({attempt.verdict for attempt in self.good}) > 1

    @property
    def settled(self) -> bool:
        """The last good attempt is what counts, and it needs no other."""
        return bool(self.good) and (not self.unstable or self.good[-1].alone)

    @property
    def counts(self) -> int | None:
        """The number of the attempt that counts, from 1; an error only where there is no other."""
        numbers = range(len(self.attempts), 0, -1)
        good = (number for number in numbers if self.attempts[number - 1].outcome != "error")
        return next(good, len(self.attempts) or None)
