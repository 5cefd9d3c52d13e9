"""`make mutants`: every mutant against every check of its task.

usage: python -m checker.proof.mutants [--named] [TASK]...

--named  makes only the check that a mutant names, for every day. Whether another check, which that
         one needs, would have noticed the bug before, the matrix shows."""

from __future__ import annotations

import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from checker import catalog, run
from checker.catalog import Task
from checker.compiler import Compilers
from checker.failure import CheckerError
from checker.headers import first_headers, precompiled
from checker.machine import why_no_arena
from checker.proof.mutant import BrokenMutantError, Mutant, load
from checker.results import Result

SEED = 1
AT_ONCE = 6
MARKS = {"failed": "x", "passed": ".", "skipped": "-", "error": "E"}


@dataclass(frozen=True)
class Trial:
    """One mutant, judged."""

    mutant: Mutant
    result: Result

    def caught(self) -> bool:
        named = (check for check in self.result.checks if check.id == self.mutant.caught_by)
        return any(check.outcome == "failed" for check in named)

    def surprises(self) -> list[str]:
        """The core checks that failed although a craft check is named, and nothing is said of
        them: who believes the patch expects a task that is done."""
        levels = {check.id: check.level for check in self.result.checks}
        if levels.get(self.mutant.caught_by) != "craft":
            return []
        failed = {c.id for c in self.result.checks if c.level == "core" and c.outcome == "failed"}
        return sorted(failed - {self.mutant.also_core})

    def row(self, checks: list[str]) -> str:
        """`#` the check that it names caught it, `x` others that failed too, `.` passed,
        `-` skipped, a blank where the check was not made."""
        marks = {check.id: MARKS[check.outcome] for check in self.result.checks}
        if self.caught():
            marks[self.mutant.caught_by] = "#"
        cells = "".join(marks.get(check, " ") for check in checks)
        return f"  {self.mutant.name:<28} {cells}{self.complaint()}"

    def complaint(self) -> str:
        if self.caught():
            found = ", ".join(self.surprises())
            return f"   CAUGHT ALSO by {found}, which is core: `also-core:`" if found else ""
        uncompiled = ", does not compile" if self.result.outcome == "does not compile" else ""
        return f"   NOT CAUGHT by {self.mutant.caught_by}{uncompiled}"


def judge(mutant: Mutant, named: bool) -> Trial:
    only = frozenset({mutant.caught_by}) if named else frozenset[str]()
    request = run.Request(
        task=mutant.task, source=mutant.source, seed=SEED, only=only, diagnose=False
    )
    trial = Trial(mutant, run.run(request).result)
    print("." if trial.caught() else "!", end="", file=sys.stderr, flush=True)
    return trial


def prepare(task: Task) -> None:
    """So that already the first of its mutants find their headers compiled."""
    names = first_headers(task.solution.read_bytes())
    with precompiled(names, "judged", Compilers(), uses=len(task.mutants)):
        pass


def judge_all(tasks: list[Task], mutants: list[Mutant], named: bool) -> list[Trial]:
    """Task by task; each is prepared while the one before is judged."""
    trials: list[Future[Trial]] = []
    prepare(tasks[0])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for task, following in zip(tasks, [*tasks[1:], None], strict=True):
            if following:
                pool.submit(prepare, following)
            own = [mutant for mutant in mutants if mutant.task == task]
            trials += [pool.submit(judge, mutant, named) for mutant in own]
    return [trial.result() for trial in trials]


def report(task: Task, trials: list[Trial]) -> bool:
    """Prints the task's matrix; whether every check catches a mutant, and none surprises."""
    checks = task.check_names()
    catching = {trial.mutant.caught_by for trial in trials if trial.caught()}
    print(f"{task.slug}: {len(trials)} mutants, {len(checks)} checks")
    for trial in trials:
        print(trial.row(checks))
    for index, check in enumerate(checks):
        idle = "" if check in catching else "   CATCHES NO MUTANT"
        print(f"  {'':<28} {' ' * index}^ {check}{idle}")
    return catching >= set(checks) and not any(trial.surprises() for trial in trials)


def main(arguments: list[str]) -> int:
    named = "--named" in arguments
    try:
        chosen = [catalog.find(name) for name in arguments if name != "--named"]
        chosen = chosen or catalog.tasks()
        mutants = [load(task, patch) for task in chosen for patch in task.mutants]
        for mutant in mutants:
            if mutant.caught_by not in mutant.task.check_names():
                raise BrokenMutantError(f"{mutant.name}: no check is called {mutant.caught_by}")
    except (catalog.UnknownTaskError, BrokenMutantError) as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    if trouble := why_no_arena():
        raise CheckerError(f"mutants need the private arena: {trouble}")
    trials = judge_all(chosen, mutants, named)
    print(file=sys.stderr)
    complete = True
    for task in chosen:
        complete &= report(task, [trial for trial in trials if trial.mutant.task == task])
    caught = sum(trial.caught() for trial in trials)
    print(f"mutants: {caught} of {len(trials)} caught by the check they name")
    return 0 if complete and caught == len(trials) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
