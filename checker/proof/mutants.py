"""`make mutants`: every mutant against its task's checks.

usage: python -m checker.proof.mutants [TASK]..."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checker import catalog, run
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.proof.mutant import BrokenMutantError, Mutant, load
from checker.results import Result

SEED = 1
AT_ONCE = 4


@dataclass(frozen=True)
class Trial:
    """One mutant, judged."""

    mutant: Mutant
    result: Result

    def failed(self) -> set[str]:
        return {check.id for check in self.result.checks if check.outcome == "failed"}

    def caught(self) -> bool:
        return self.mutant.caught_by in self.failed()


def judge(mutant: Mutant) -> Trial:
    request = run.Request(task=mutant.task, source=mutant.source, seed=SEED, diagnose=False)
    trial = Trial(mutant, run.run(request).result)
    print("." if trial.caught() else "!", end="", file=sys.stderr, flush=True)
    return trial


def matrix(trials: list[Trial]) -> list[str]:
    """A row per mutant: `#` the check it names caught it, `x` others that also failed, `.` passed,
    `-` skipped. Then what each column is."""
    checks = trials[0].result.checks
    lines = []
    for trial in trials:
        cells = []
        for check in trial.result.checks:
            mark = {"failed": "x", "passed": ".", "skipped": "-", "error": "E"}[check.outcome]
            named = check.id == trial.mutant.caught_by
            cells.append("#" if named and mark == "x" else "?" if named else mark)
        note = "" if trial.caught() else f"   NOT CAUGHT by {trial.mutant.caught_by}"
        if trial.result.outcome == "does not compile":
            note += ", does not compile"
        lines.append(f"  {trial.mutant.name:<28} {''.join(cells)}{note}")
    catching = {trial.mutant.caught_by for trial in trials if trial.caught()}
    for index, check in enumerate(checks):
        idle = "" if check.id in catching else "   CATCHES NO MUTANT"
        lines.append(f"  {' ' * 28} {' ' * index}^ {check.id} ({check.level}){idle}")
    return lines


def main(arguments: list[str]) -> int:
    try:
        chosen = [catalog.find(name) for name in arguments] or catalog.tasks()
        mutants = [load(task, patch) for task in chosen for patch in task.mutants]
    except (catalog.UnknownTaskError, BrokenMutantError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    if trouble := why_no_arena():
        raise CheckerError(f"mutants need the private arena: {trouble}")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        trials = list(pool.map(judge, mutants))
    print(file=sys.stderr)
    idle = 0
    for task in chosen:
        of_task = [trial for trial in trials if trial.mutant.task == task]
        print(f"{task.slug}: {len(of_task)} mutants")
        if not of_task:
            idle += 1
            continue
        rows = matrix(of_task)
        idle += sum("CATCHES NO MUTANT" in row for row in rows)
        print("\n".join(rows))
    caught = sum(trial.caught() for trial in trials)
    if idle:
        print(f"{idle} checks or tasks without a mutant of their own")
    print(f"mutants: {caught} of {len(trials)} caught by the check they name")
    return 0 if caught == len(trials) and not idle else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
