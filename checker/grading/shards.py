"""`lab grade merge`: joins the ledgers of one class's shards."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from checker.grading.course import course_of
from checker.grading.grade import report
from checker.grading.ledger import Ledger
from checker.grading.refused import LedgerError


def merge(shards: list[Path], to: Path, out: Console) -> int:
    """Joins the shards of one class; the exit status is that of grading it whole."""
    for folder in shards:
        with Ledger(folder, read=True) as shard:
            course_of(shard)  # what is no shard shall leave nothing behind
    with Ledger(to) as ledger:
        for folder in shards:
            with Ledger(folder, read=True) as shard:
                _join(ledger, shard)
        return report(ledger, course_of(ledger), out)


def _join(ledger: Ledger, shard: Ledger) -> None:
    theirs = course_of(shard)
    if ledger.fact("course") is None:
        ledger.copy_class(shard)
    if course_of(ledger) != theirs or ledger.enrolled() != shard.enrolled():
        raise LedgerError(
            f"{shard.folder}: it is no shard of the same class: submissions, seed, tasks, weights, "
            "compiler and Loopback must be equal"
        )
    ledger.take_over(shard)
