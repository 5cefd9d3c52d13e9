"""`lab grade`: takes in, judges what has no verdict yet, writes the reports."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from checker.catalog import Task
from checker.failure import CheckerError
from checker.grading import outputs
from checker.grading.attempts import Key, Standing
from checker.grading.book import gradebook
from checker.grading.course import Course, course, seed_for
from checker.grading.handed_in import Submission
from checker.grading.intake import take_in
from checker.grading.ledger import Ledger
from checker.grading.policy import Policy
from checker.grading.pool import Pool
from checker.grading.progress import progress
from checker.grading.roster import read_roster
from checker.grading.seeds import new_seed, shard_of
from checker.grading.summary import show, status_of
from checker.machine import why_no_arena
from checker.source import UnusableSourceError
from checker.text import count

JOBS = 2 * (os.cpu_count() or 1)
"""Judgings at once, which often wait."""


@dataclass(frozen=True)
class Order:
    """What the command line asked for. `jobs`: judgings at once, None: JOBS; `attempts`: how many
    each verdict is to have; `again`: so many more of them; `shard`: (this one, of how many)."""

    submissions: Path
    out: Path
    tasks: list[Task]
    policy: Policy
    roster: Path | None = None
    jobs: int | None = 1
    seed: int | None = None
    attempts: int = 1
    again: bool = False
    shard: tuple[int, int] | None = None


def grade(order: Order, out: Console) -> int:
    """Grades, goes on where it stopped; the exit status."""
    submissions = received(order)
    demand_arena()
    with Ledger(order.out) as ledger:
        if order.shard and order.seed is None and ledger.fact("course") is None:
            raise UnusableSourceError("--shard: give all shards the same --seed")
        seed = seed_for(ledger, order.seed, new_seed())
        graded = course(order.submissions.resolve().stem, seed, order.tasks, order.policy)
        ledger.enrol(submissions)
        graded.remember(ledger)
        keys = _keys(ledger, graded, order.shard)
        try:
            judge(ledger, keys, order, out)
        except KeyboardInterrupt:
            left = sum(not ledger.standing(key).settled for key in keys)
            out.print(f"Stopped; {count(left, 'verdict')} to go: the same command goes on.")
            return 130
        except OSError as error:
            error.filename = error.filename or str(ledger.folder)
            raise
        if order.shard:
            return _shard_over(ledger, keys, out)
        return report(ledger, graded, out)


def received(order: Order) -> list[Submission]:
    """What was handed in, by whom."""
    if order.out.resolve().is_relative_to(order.submissions.resolve()):
        raise UnusableSourceError(f"--out {order.out}: choose a folder outside the submissions")
    return take_in(order.submissions, read_roster(order.roster) if order.roster else None)


def demand_arena() -> None:
    """Strangers' programs are never built or run in the open."""
    if trouble := why_no_arena():
        raise CheckerError(f"grading needs the private arena: {trouble}; see `./lab doctor`")


def judge(ledger: Ledger, keys: list[Key], order: Order, out: Console) -> None:
    """First side by side what has too few good attempts, then alone what is not settled."""
    jobs = order.jobs or JOBS
    known = ledger.standings()
    missing = []
    for key in keys:
        good = 0 if order.again else len(known.get(key, Standing()).good)
        missing += [key] * (order.attempts - good)
    with progress(len(missing), out) as advance:
        Pool(ledger, jobs, advance).judge(missing)
    known = ledger.standings()
    doubtful = [key for key in keys if known[key].unstable and not known[key].settled]
    with progress(len(doubtful), out) as advance:
        Pool(ledger, jobs, advance).judge(doubtful, alone=True)


def report(ledger: Ledger, graded: Course, out: Console) -> int:
    """Writes all reports and prints the summary; the exit status."""
    book = gradebook(ledger, graded)
    outputs.write(book, ledger, graded)
    show(book, ledger.folder, out)
    return status_of(book)


def _keys(ledger: Ledger, graded: Course, shard: tuple[int, int] | None) -> list[Key]:
    """Each different source of each task once. Task by task: what a task's sources have in common
    is compiled but once."""
    enrolled = ledger.enrolled()
    keys: dict[Key, None] = {}
    for task in graded.tasks:
        for each in enrolled:
            source = each.sources.get(task)
            if source and (shard is None or shard_of(source, shard[1]) == shard[0]):
                keys[graded.key(task, source)] = None
    return list(keys)


def _shard_over(ledger: Ledger, keys: list[Key], out: Console) -> int:
    known = ledger.standings()
    failed = sum(not known[key].good for key in keys)
    out.print(f"{count(len(keys) - failed, 'verdict')}; `lab grade merge` joins the shards.")
    return 3 if failed else 0
