"""What one grading is of: kept in the ledger, so that reports need nothing else."""

from __future__ import annotations

import msgspec

from checker.catalog import Task
from checker.compiler import toolchain
from checker.grading.attempts import Key
from checker.grading.judge import judge_of
from checker.grading.ledger import Ledger
from checker.grading.policy import Policy
from checker.grading.refused import LedgerError
from checker.grading.seeds import verdict_seed


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """`tasks`: slug → the checker that judges it, in the order of the columns."""

    title: str
    seed: int
    toolchain: str
    tasks: dict[str, str]
    policy: Policy

    def key(self, task: str, source: str) -> Key:
        """Where the ledger keeps the verdict on that source."""
        seed = verdict_seed(self.seed, task, source)
        return Key(task, source, self.tasks[task], self.toolchain, seed)

    def remember(self, ledger: Ledger) -> None:
        ledger.remember("course", msgspec.json.encode(self).decode())


def course(title: str, seed: int, tasks: list[Task], policy: Policy) -> Course:
    """As this machine grades it now."""
    judges = {task.slug: judge_of(task) for task in tasks}
    return Course(title=title, seed=seed, toolchain=toolchain(), tasks=judges, policy=policy)


def course_of(ledger: Ledger) -> Course:
    """The one that was graded last."""
    kept = ledger.fact("course")
    if kept is None:
        raise LedgerError(f"{ledger.folder}: no class was graded there: run `./lab grade` first")
    return msgspec.json.decode(kept, type=Course)


def seed_for(ledger: Ledger, asked: int | None, new: int) -> int:
    """The one that was asked for, else the one of the last grading, else a new one."""
    if asked is not None:
        return asked
    kept = ledger.fact("course")
    return msgspec.json.decode(kept, type=Course).seed if kept else new
