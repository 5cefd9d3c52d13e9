"""What a student is told: each task's verdict, with the same facts as in the terminal.

A hidden check counts, and nothing else of it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from checker.grading.gradebook import CheckGrade, Details, StudentGrade, TaskGrade
from checker.reports import verdict
from checker.reports.pages import picture
from checker.reports.pages.sources import WIDEST, Listing, listing
from checker.reports.pages.visible import line
from checker.results import CheckResult, Level, Outcome

LAST_STEPS = 8
"""That stand open, beside the first one; those between them are folded away."""
LEAST_FOLDED = 3
MOST_LINES = 40
"""Of expected, got and the like."""

OWN_ERROR = "the checker's own error, not yours"
"""What it said is for the instructor: it may speak of the machine."""
OUTCOMES = verdict.OUTCOMES | {"missing": "Nothing was handed in for this task."}


@dataclass(frozen=True)
class Entry:
    """A check in the overview. `place`: where its failure is told in full, or ""; `note`: why it
    was skipped, or, where nothing else tells it, why it failed."""

    mark: str
    check: CheckGrade
    place: str
    note: str


@dataclass(frozen=True)
class Failure:
    """`short`: in one line; `picture`: an SVG, or ""; `caption`: what it shows."""

    check: CheckResult
    place: str
    mark: str
    short: str
    facts: list[tuple[str, str]]
    picture: Markup
    caption: str

    @property
    def folded(self) -> int:
        """How many steps, after the first, are folded away."""
        between = len(self.check.steps) - LAST_STEPS - 1
        return between if between > LEAST_FOLDED else 0

    def is_aligned(self, text: str) -> bool:
        """A caret points at a byte of the line above it: no line may be broken."""
        return any(part.lstrip().startswith("^") for part in text.split("\n"))


@dataclass(frozen=True)
class Verdict:
    """One task. `hidden`: how many of its checks students are not told of."""

    grade: TaskGrade
    words: str
    counts: str
    hidden: int
    levels: list[tuple[Level, list[Entry]]]
    failures: list[Failure]
    listing: Listing | None


def verdicts(student: StudentGrade, details: Details) -> Iterator[Verdict]:
    """One after the other: no two details are held at once."""
    for grade in student.tasks:
        yield _verdict(student, grade, details)


def _verdict(student: StudentGrade, grade: TaskGrade, details: Details) -> Verdict:
    detail = None if grade.outcome == "missing" else details(student, grade)
    told = {check.id: check for check in detail.result.checks} if detail else {}
    shown = [check for check in grade.checks if not check.hidden]
    same = [
        told[check.id]
        for check in shown
        if check.outcome == "failed" and check.id in told and told[check.id].outcome == "failed"
    ]
    failures = [_failure(check, grade.task) for check in verdict.missed(same)]
    places = {failure.check.id: failure.place for failure in failures}
    entries = [_entry(check, places.get(check.id, "")) for check in shown]
    return Verdict(
        grade=grade,
        words=OUTCOMES[grade.outcome],
        counts=_counts(shown),
        hidden=len(grade.checks) - len(shown),
        levels=_by_level(entries),
        failures=failures,
        listing=listing(grade.task, detail.sources, detail.result.diagnostics) if detail else None,
    )


def _counts(checks: list[CheckGrade]) -> str:
    """As in the terminal: `5 of 11 core · 2 of 9 stars`."""
    core = [check.outcome == "passed" for check in checks if check.level == "core"]
    craft = [check.outcome == "passed" for check in checks if check.level == "craft"]
    if not checks:
        return ""
    return f"{sum(core)} of {len(core)} core · {sum(craft)} of {len(craft)} stars"


def _by_level(entries: list[Entry]) -> list[tuple[Level, list[Entry]]]:
    levels: tuple[Level, ...] = ("core", "craft")
    each = [(level, [entry for entry in entries if entry.check.level == level]) for level in levels]
    return [(level, those) for level, those in each if those]


def _mark(level: Level, outcome: Outcome) -> str:
    if level == "craft" and outcome in ("passed", "failed"):
        return "★" if outcome == "passed" else "☆"
    return verdict.MARKS[outcome]


def _entry(check: CheckGrade, place: str) -> Entry:
    note = "" if place or check.outcome == "passed" else check.message
    if check.outcome == "error":
        note = OWN_ERROR
    return Entry(_mark(check.level, check.outcome), check, place, note)


def _failure(check: CheckResult, task: str) -> Failure:
    place = f"{task}-{check.id}"
    drawn = picture.draw(check, f"ladder-{place}")
    return Failure(
        check=check,
        place=place,
        mark=_mark(check.level, check.outcome),
        short=(check.got or check.reason).partition("\n")[0],
        facts=[
            (label, _lines(text)) for label, text in verdict.facts(check, task.partition("-")[0])
        ],
        picture=drawn.svg,
        caption=drawn.caption,
    )


def _lines(text: str) -> str:
    """Each line is cut by itself, so that a caret stays below its byte."""
    lines = text.split("\n")
    more = [f"… {len(lines) - MOST_LINES:,} more lines"] if len(lines) > MOST_LINES else []
    return "\n".join([*(line(part, WIDEST) for part in lines[:MOST_LINES]), *more])
