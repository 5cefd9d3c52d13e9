"""A student's feedback in Markdown (CommonMark). Outside text stands in code spans and blocks."""

from __future__ import annotations

from collections.abc import Iterator

from checker.grading.gradebook import CheckGrade, Detail, Details, StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.neutral import code, fenced, words
from checker.reports.formats.story import EVIDENCE, advice, evidence
from checker.reports.verdict import MARKS
from checker.results import CheckResult


def text(grade: StudentGrade, details: Details) -> str:
    """The grade, then a section per task: its verdict, the story of each failed check."""
    blocks = [*_head(grade)]
    for task in grade.tasks:
        blocks += _task(task, details(grade, task))
    return "\n\n".join(blocks) + "\n"


def _head(grade: StudentGrade) -> Iterator[str]:
    yield f"# Feedback for {code(grade.student.name or grade.student.id)}"
    yield f"**{told.total(grade)}**"
    if grade.submission:
        moment = f", handed in {code(grade.handed_in)}" if grade.handed_in else ""
        yield f"Submission: {code(grade.submission)}{moment}"
    if grade.trouble:
        yield f"About your submission: {code(grade.trouble)}"


def _task(task: TaskGrade, detail: Detail | None) -> Iterator[str]:
    yield f"## {words(task.task)} · {words(task.title)}"
    yield f"**{told.verdict(task)}**"
    remarks = [told.remark(task), told.UNSTABLE if task.unstable else ""]
    yield from filter(None, remarks)
    if diagnostics := told.diagnostics(task, detail):
        yield fenced(diagnostics, told.DIAGNOSTICS)
    full = {check.id: check for check in detail.result.checks} if detail else {}
    shown = told.visible(task)
    if listed := [_listed(check) for check in shown if check.outcome != "failed"]:
        yield "\n".join(listed)
    for check in shown:
        if check.outcome == "failed":
            yield from _failure(task, check, full.get(check.id))
    if hidden := told.hidden(task):
        yield hidden


def _listed(check: CheckGrade) -> str:
    message = told.said(check)
    return f"- {MARKS[check.outcome]} {words(check.title)}" + (
        f": {code(message)}" if message else ""
    )


def _failure(task: TaskGrade, check: CheckGrade, full: CheckResult | None) -> Iterator[str]:
    mark = "☆" if check.level == "craft" else "✗"
    yield f"### {mark} {words(check.title)}"
    if full is None:
        yield code(check.message or told.NOTHING_SAID)
        return
    yield fenced(evidence(full), EVIDENCE)
    for label, text in advice(task, full):
        yield f"{label.capitalize()}: {words(text)}"
