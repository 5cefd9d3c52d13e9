"""One student's verdicts again: as they were seen, or made once more."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from checker import catalog, run
from checker.grading.attempts import verdict_of
from checker.grading.course import Course, course_of
from checker.grading.details import as_seen
from checker.grading.grade import demand_arena
from checker.grading.judge import judge_of
from checker.grading.ledger import Enrolled, Ledger
from checker.reports import live
from checker.reports.verdict import verdict
from checker.results import Result
from checker.run import Request
from checker.source import UnusableSourceError


def explain(folder: Path, student: str, task: str | None, out: Console) -> int:
    """Prints what the student saw; the exit status."""
    with Ledger(folder, read=True) as ledger:
        course = course_of(ledger)
        who = _student(ledger, student)
        for slug in [_slug(course, task)] if task else course.tasks:
            source = who.sources.get(slug)
            result = ledger.counted(course.key(slug, source), Result) if source else None
            if result:
                seen = as_seen(result, course.policy)
                out.print(verdict(seen, catalog.find(slug), None, everything=True))
            else:
                out.print(f"{slug}: {'no verdict' if source else 'nothing was handed in'}")
            out.print()
    return 0


def rerun(folder: Path, student: str, task: str, out: Console) -> int:
    """Judges once more with the same seed, shows hidden checks too, and records nothing; 0 when the
    verdict is the same."""
    demand_arena()
    with Ledger(folder, read=True) as ledger:
        course = course_of(ledger)
        slug = _slug(course, task)
        source = _student(ledger, student).sources.get(slug)
        if source is None:
            raise UnusableSourceError(f"{student} handed in nothing for {slug}")
        key, program = course.key(slug, source), ledger.source(slug, source)
        before = ledger.counted(key, Result)
    one = catalog.find(slug)
    with live.progress(slug, out) as tell:
        judged = run.run(Request(task=one, source=program, seed=key.seed), tell)
    out.print(verdict(judged.result, one, None, everything=True))
    if judge_of(one) != key.checker:
        out.print("Loopback has changed since this was graded.")
    if judged.result.outcome == "error":
        out.print("The checker itself failed: this is no verdict.")
        return 3
    differing = _differing(before, judged.result)
    out.print(f"It differs from the ledger: {differing}" if differing else "As in the ledger.")
    return 1 if differing else 0


def _student(ledger: Ledger, wanted: str) -> Enrolled:
    enrolled = ledger.enrolled()
    for each in enrolled:
        if wanted in (each.submission.student.id, each.submission.student.name):
            return each
    raise UnusableSourceError(f"{ledger.folder}: there is no student “{wanted}”")


def _slug(course: Course, wanted: str) -> str:
    slug = catalog.find(wanted).slug
    if slug not in course.tasks:
        raise UnusableSourceError(f"{slug} was not graded")
    return slug


def _differing(before: Result | None, now: Result) -> str:
    """Which checks went otherwise; "" when none."""
    if before is None:
        return "it has no verdict there"
    if verdict_of(before) == verdict_of(now):
        return ""
    were = {check.id: check.outcome for check in before.checks}
    changed = [
        f"{check.id} {were.get(check.id, 'was not made')} → {check.outcome}"
        for check in now.checks
        if were.get(check.id) != check.outcome
    ]
    return ", ".join(changed) or f"{before.outcome} → {now.outcome}"
