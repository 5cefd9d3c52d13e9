"""`make skeletons`: each skeleton compiles without a warning, and fails at the check that its
task.toml names, which is the first."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from checker import catalog, run
from checker.catalog import Task
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.source import read_files

AT_ONCE = 4


def complaint(task: Task) -> str:
    """What is wrong with the task's skeleton; empty when nothing is."""
    source = read_files(task.slug, [task.skeleton])
    result = run.run(run.Request(task=task, source=source, diagnose=False, ahead=False)).result
    if result.diagnostics:
        return f"the compiler says: {result.diagnostics.splitlines()[0]}"
    first = result.checks[0]
    if first.id != task.file.first_failure:
        return f"task.toml names “{task.file.first_failure}”, the first check is “{first.id}”"
    if first.outcome != "failed":
        return f"“{first.id}” should fail, but it {first.outcome}"
    return ""


def main() -> int:
    if trouble := why_no_arena():
        raise CheckerError(f"the skeletons need the private arena: {trouble}")
    wrong = 0
    tasks = catalog.tasks()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        complaints = list(pool.map(complaint, tasks))
    for task, trouble in zip(tasks, complaints, strict=True):
        wrong += bool(trouble)
        print(f"{task.slug}: {trouble or f'fails at “{task.file.first_failure}”, as it should'}")
    print(f"skeletons: {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
