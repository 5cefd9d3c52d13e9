"""`make fault-plans`: the solutions under random faults: no crash, no hang, no wrong byte.

usage: python -m checker.proof.fault_plans [PLANS [SEED]]

PLANS  how many (500)
SEED   of the first plan (1); the others have the numbers that follow

One plan in five is tried on the sanitised build."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random

from checker import catalog
from checker.build import compile_source
from checker.catalog import Task
from checker.check import Build
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.proof.plans import plan
from checker.proof.plays.trial import Trial, tried
from checker.source import read_files

PLANS, SEED = 500, 1
AT_ONCE = max(2, 2 * (os.cpu_count() or 1))

Binaries = dict[tuple[str, Build], Path]
"""By the task's number."""


def built(tasks: list[Task], folder: Path) -> Binaries:
    """Each solution, as built for students and sanitised. Copies: the cache may forget its own."""

    def compiled(task: Task, build: Build) -> tuple[tuple[str, Build], Path]:
        source = read_files(task.slug, [task.solution])
        binary = compile_source(source, build, confined=True).binary
        if binary is None:
            raise CheckerError(f"{task.slug} does not compile ({build})")
        place = folder / build / task.slug
        place.parent.mkdir(exist_ok=True)
        shutil.copy(binary, place)
        return (task.number, build), place

    wanted: list[tuple[Task, Build]] = [
        (task, build) for task in tasks for build in ("judged", "sanitised")
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(lambda each: compiled(*each), wanted))


def work(seeds: range, binaries: Binaries, parent: Connection, enter: Enter) -> None:
    """In a process of its own: tries these plans, one after the other, in one arena."""
    arena = enter(Random(seeds.start))
    arguments = {task.number: task.file.arguments for task in catalog.tasks()}
    for seed in seeds:
        one = plan(seed)
        binary = binaries[one.task, "sanitised" if one.sanitised else "judged"]
        parent.send(tried(arena, one, binary, arguments[one.task]))


def trials(seeds: range, binaries: Binaries) -> Iterator[Trial]:
    """Of all these plans, as they come."""
    workers: dict[Connection, int] = {}
    for number in range(min(AT_ONCE, len(seeds))):
        ours, theirs = Pipe(duplex=False)
        share = seeds[number::AT_ONCE]
        workers[ours] = fork_for_arena(partial(work, share, binaries, theirs))
        theirs.close()
    while workers:
        for worker_end in wait(list(workers)):
            assert isinstance(worker_end, Connection)
            try:
                yield worker_end.recv()
            except EOFError:
                os.waitpid(workers.pop(worker_end), 0)


def report(trial: Trial) -> None:
    one = trial.plan
    task = catalog.find(one.task).slug + (" (sanitised)" if one.sanitised else "")
    print(f"seed {one.seed}: {task}: {one.text}\n{trial.wrong}", flush=True)
    print(f"again: python -m checker.proof.fault_plans 1 {one.seed}\n", flush=True)


def main(arguments: list[str]) -> int:
    if len(arguments) > 2 or not all(word.isdecimal() for word in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    if trouble := why_no_arena():
        raise CheckerError(f"the plans need the private arena: {trouble}")
    plans, seed = [*map(int, arguments), *(PLANS, SEED)[len(arguments) :]]
    done = struck = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        binaries = built(catalog.tasks(), Path(folder))
        for trial in trials(range(seed, seed + plans), binaries):
            done += 1
            struck += trial.struck
            if trial.wrong:
                wrong += 1
                report(trial)
    if done < plans:
        raise CheckerError(f"{plans - done} plans were never tried: a worker died")
    print(f"a fault happened in {struck}, the first has seed {seed}")
    print(f"fault plans: {wrong} wrong in {plans}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
