"""What the command and the prober tell each other while one task is judged."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from checker.check import Build
from checker.results import CheckResult, Level


@dataclass(frozen=True)
class Spec:
    """What is to be judged, and how. `builds`: those that will come, or not be there at all;
    `only`: the ids of the checks to make, empty for every one; `workers`: how many at once;
    `under`: the one build that all checks are made with, instead of each with its own; `ahead`: ask
    for every build at once, though a failure may make it needless."""

    task: str
    module: Path
    seed: int
    template: str
    fixed_port: int | None
    only: frozenset[str]
    private: bool
    builds: frozenset[Build]
    workers: int
    under: Build | None = None
    ahead: bool = True


@dataclass(frozen=True)
class Built:
    """To the prober: a build is ready; `binary` is None when there is none to be had."""

    build: Build
    binary: Path | None


@dataclass(frozen=True)
class Collected:
    """From the prober: the checks, in their order, each as (name, title, level)."""

    checks: list[tuple[str, str, Level]]


@dataclass(frozen=True)
class Started:
    """From the prober: a check is being made."""

    check: str


@dataclass(frozen=True)
class Finished:
    """From the prober: a check is over; `log` is all that is known of it."""

    result: CheckResult
    log: str


@dataclass(frozen=True)
class Wanted:
    """From the prober: a build beside the first, for checks or a failure that need it."""

    build: Build


@dataclass(frozen=True)
class Over:
    """From the prober: that was all; `trouble` is the checker's own, empty when there was none."""

    trouble: str


Message = Collected | Started | Finished | Wanted | Over
