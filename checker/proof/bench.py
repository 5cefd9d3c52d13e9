"""`make bench`: what a check costs beyond the compiler. Medians of 5, measured in one run.

`compile` is a bare `g++ -std=c++20 main.cpp`; `check` is `./lab check --solutions NN` with nothing
in the cache; `watch` is a check as in `./lab watch` after some saves: the prober is warm and the
headers are precompiled; `longest` is the one check that took longest in it, which for some
tasks is a silence that must be proved."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.table import Table

from checker import build, catalog, headers, run
from checker.catalog import Task
from checker.reports.console import console
from checker.results import Result
from checker.sandbox import ROOT
from checker.source import read_files

RUNS = 5


def seconds(action: Callable[[], object]) -> float:
    start = time.monotonic()
    action()
    return time.monotonic() - start


def compile_bare(task: Task) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = ["g++", "-std=c++20", str(task.solution), "-o", f"{folder}/program"]
        subprocess.run(command, check=True)


def check_cold(*arguments: str) -> None:
    shutil.rmtree(build.CACHE, ignore_errors=True)
    shutil.rmtree(headers.KEPT, ignore_errors=True)
    command = [str(ROOT / "lab"), "check", "--solutions", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def check_warm(task: Task) -> Result:
    shutil.rmtree(build.CACHE, ignore_errors=True)
    source = read_files(task.slug, [Path(task.solution)])
    return run.run(run.Request(task=task, source=source)).result


def longest(result: Result) -> str:
    check = max(result.checks, key=lambda check: check.seconds)
    return f"{check.seconds:.2f} s {check.id}"


def main() -> int:
    table = Table("task", "compile", "check", "beyond", "watch", "beyond", "longest", box=None)
    last = check_warm(catalog.tasks()[0])
    for task in catalog.tasks():
        compiled, cold, warm = [], [], []
        for _ in range(RUNS):
            compiled.append(seconds(lambda: compile_bare(task)))  # noqa: B023  # called at once
            cold.append(seconds(lambda: check_cold(task.slug)))  # noqa: B023  # called at once
        for _ in range(headers.WORTH + 1 + RUNS):
            start = time.monotonic()
            last = check_warm(task)
            warm.append(time.monotonic() - start)
        bare, check, watch = (statistics.median(times) for times in (compiled, cold, warm[-RUNS:]))
        figures = (bare, check, check - bare, watch, watch - bare)
        table.add_row(task.slug, *(f"{figure:.2f} s" for figure in figures), longest(last))
    console().print(table)
    together = statistics.median(seconds(lambda: check_cold("--all")) for _ in range(RUNS))
    print(f"all {len(catalog.tasks())} solutions, compiled and checked: {together:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
