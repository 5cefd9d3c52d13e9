"""`make flakes RUNS=20`: every solution RUNS times, with new seeds, while every core is kept busy.

usage: python -m checker.proof.flakes RUNS"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random

from checker import catalog, run
from checker.catalog import Task
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.results import Result
from checker.source import Source, read_files

AT_ONCE = 2
BUSY = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: sum(range(100000))"


@contextmanager
def every_core_busy() -> Iterator[None]:
    """One process per core that computes, and ends with us."""
    hogs = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for hog in hogs:
            hog.kill()
            hog.wait()


def wrong(task: Task, seed: int, source: Source) -> list[str]:
    """The checks that do not pass although the program is right."""
    result = run.run(run.Request(task=task, source=source, seed=seed, diagnose=False)).result
    if not result.checks:
        return [f"{result.task} seed {result.seed}: {result.outcome}"]
    return [_tell(result, index) for index, c in enumerate(result.checks) if c.outcome != "passed"]


def _tell(result: Result, index: int) -> str:
    check = result.checks[index]
    what = check.reason or f"expected {check.expected}; got {check.got}; at: {check.steps[-1:]}"
    return f"{result.task} {check.id} seed {result.seed}: {check.outcome}: {what}"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].isdecimal() or int(arguments[0]) == 0:
        print(__doc__, file=sys.stderr)
        return 2
    if trouble := why_no_arena():
        raise CheckerError(f"the runs need the private arena: {trouble}")
    tasks, runs = catalog.tasks(), int(arguments[0])
    sources = [read_files(task.slug, [task.solution]) for task in tasks]
    seeds = Random().sample(range(run.SEEDS), runs)
    found = 0
    with every_core_busy(), ThreadPoolExecutor(AT_ONCE) as pool:
        for number, seed in enumerate(seeds, start=1):
            for lines in pool.map(wrong, tasks, [seed] * len(tasks), sources):
                found += len(lines)
                print(*lines, sep="\n", end="\n" if lines else "", flush=True)
            print(f"run {number} of {runs}", file=sys.stderr)
    print(f"flakes: {found} wrong verdicts in {runs * len(tasks)} runs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
