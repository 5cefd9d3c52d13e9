"""`make solutions`: every reference solution passes everything, three times: as students' programs
are built, under AddressSanitizer and UBSan in every check, and built by clang++."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checker import catalog, run
from checker.catalog import Task
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.results import Result
from checker.scene import NEEDS_PLAIN_BUILD
from checker.source import read_files

AT_ONCE = 2
EXPECTED_SKIPS = ("needs the program's source", NEEDS_PLAIN_BUILD)


def as_built(task: Task) -> Result:
    source = read_files(task.slug, [task.solution])
    return run.run(run.Request(task=task, source=source)).result


def sanitised(task: Task) -> Result:
    source = read_files(task.slug, [task.solution])
    return run.run(run.Request(task=task, source=source, under="sanitised")).result


def by_clang(task: Task) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, task.slug)
        flags = ["-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
        subprocess.run(["clang++", *flags, str(task.solution), "-o", str(program)], check=True)
        return run.run(run.Request(task=task, source=None, program=program)).result


WAYS = {"as built for students": as_built, "sanitised": sanitised, "by clang++": by_clang}


def complaints(result: Result) -> list[str]:
    """Every check that did not pass, but for those that this kind of build cannot have."""
    return [
        f"{check.id} {check.outcome}: {check.reason or check.got}"
        for check in result.checks
        if check.outcome != "passed" and not check.reason.startswith(EXPECTED_SKIPS)
    ]


def main() -> int:
    if trouble := why_no_arena():
        raise CheckerError(f"the solutions need the private arena: {trouble}")
    wrong = 0
    tasks = catalog.tasks()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for name, judge in WAYS.items():
            for task, result in zip(tasks, pool.map(judge, tasks), strict=True):
                found = complaints(result) or ([] if result.checks else [result.outcome])
                wrong += bool(found)
                print(f"{task.slug} {name}: {'; '.join(found) or 'passes everything'}")
    print(f"solutions: {wrong} wrong of {len(tasks) * len(WAYS)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
