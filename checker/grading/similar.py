"""`lab similar`: which submissions look alike, beyond what the skeleton gave to all.

The comparing is done by sim_c++(1), which looks at tokens: other names and another layout do not
hide a copy. It reads strangers' code, so it runs in a prison."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from checker import catalog
from checker.catalog import Task
from checker.failure import CheckerError
from checker.grading.ledger import Ledger
from checker.reports.console import complain
from checker.sandbox import COMPILER_LIMITS, FILTER, bwrap
from checker.source import Source, UnusableSourceError
from checker.text import count, plain

TOOL = "sim_c++"
ENOUGH = 100
"""Tokens of one's own. With fewer, all who solve the task write much the same."""
ALIKE = 50
"""Per cent from which on a pair is listed."""

MOST = 64 * 1024
"""Bytes that are compared: sim takes a very long time over what repeats itself very often."""

_SIZE = re.compile(r"^File (\d+)\.cpp: (\d+) tokens", re.MULTILINE)
_SHARE = re.compile(r"^(\d+)\.cpp consists for (\d+) % of (\d+)\.cpp material", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Pair:
    """`score`: how much of the one is found in the other, per cent, whichever is more."""

    score: int
    task: str
    one: str
    other: str


def similar(folder: Path, out: Console) -> int:
    """Prints the pairs, most alike first; the exit status."""
    if not shutil.which(TOOL):
        raise UnusableSourceError(f"{TOOL} is missing: apt-get install similarity-tester")
    pairs: list[Pair] = []
    short = 0
    with Ledger(folder, read=True) as ledger:
        enrolled = ledger.enrolled()
        for task in catalog.tasks():
            students: dict[str, list[str]] = {}
            for each in enrolled:
                if task.slug in each.sources:
                    name = plain(each.submission.student.id)
                    students.setdefault(each.sources[task.slug], []).append(name)
            sources = [ledger.source(task.slug, source) for source in students]
            found, too_short = compare(task, sources, list(students.values()))
            pairs += found
            short += too_short
    out.print(_table(pairs) if pairs else "No two look alike.")
    if short:
        complain(f"{count(short, 'program')} left out, with too little of one's own to tell")
    return 0


def compare(task: Task, sources: list[Source], students: list[list[str]]) -> tuple[list[Pair], int]:
    """The pairs of students whose programs look alike, and how many students' programs were too
    short to tell. `students`: those who handed in each source."""
    with TemporaryDirectory(prefix="similar-") as folder:
        for number, source in enumerate(sources):
            Path(folder, f"{number}.cpp").write_bytes(_own(task, source))
        said = _run(Path(folder), len(sources)) if sources else ""
    tokens = {int(number): int(size) for number, size in _SIZE.findall(said)}
    enough = [number for number in tokens if tokens[number] >= ENOUGH]
    pairs = [
        Pair(100, task.slug, one, other)
        for number in enough
        for one, other in combinations(students[number], 2)
    ]
    for (a, b), score in _scores(said).items():
        if a in enough and b in enough:
            both = product(students[a], students[b])
            pairs += [Pair(score, task.slug, one, other) for one, other in both]
    return pairs, sum(len(students[number]) for number in tokens if number not in enough)


def _own(task: Task, source: Source) -> bytes:
    """Without the skeleton's lines, each as often as the skeleton has it; cut at MOST."""
    given = Counter(line.strip() for line in task.skeleton.read_bytes().splitlines())
    kept = []
    for unit in source.units:
        for line in source.files[unit].splitlines():
            if given[line.strip()] > 0:
                given[line.strip()] -= 1
            else:
                kept.append(line)
    return b"\n".join(kept)[:MOST] + b"\n"


def _run(folder: Path, number: int) -> str:
    """What sim says of the files. CheckerError: nothing, or it was stopped."""
    names = "".join(f"{index}.cpp\n" for index in range(number))
    with FILTER.open("rb") as seccomp:
        binds = ["--ro-bind", str(folder), "/source", "--chdir", "/source"]
        prison = bwrap(*binds, seccomp=seccomp.fileno(), environment={"PATH": "/usr/bin:/bin"})
        limits = COMPILER_LIMITS.as_prlimit()  # of them, a minute of processor ends it
        done = subprocess.run(
            [*prison, *limits, TOOL, "-i", "-p", "-e", "-t", str(ALIKE)],
            input=names,
            capture_output=True,
            text=True,
            errors="replace",
            pass_fds=[seccomp.fileno()],
            check=False,
        )
    if done.returncode != 0:
        raise CheckerError(f"{TOOL} failed: {plain(done.stderr.strip()[:200])}")
    return done.stdout


def _scores(said: str) -> dict[tuple[int, int], int]:
    scores: dict[tuple[int, int], int] = {}
    for one, share, other in _SHARE.findall(said):
        pair = (min(int(one), int(other)), max(int(one), int(other)))
        scores[pair] = max(int(share), scores.get(pair, 0))
    return scores


def _table(pairs: list[Pair]) -> Table:
    table = Table("alike", "task", "student", "student", box=None)
    for pair in sorted(pairs, key=lambda pair: (-pair.score, pair)):
        table.add_row(f"{pair.score} %", pair.task, pair.one, pair.other)
    return table
