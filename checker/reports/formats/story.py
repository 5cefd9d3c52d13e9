"""The story of a failed check, in plain text."""

from __future__ import annotations

from checker.grading.gradebook import Detail, TaskGrade
from checker.reports.formats.neutral import block, line
from checker.reports.verdict import LAST_STEPS, facts
from checker.results import CheckResult
from checker.text import count

FACT = 1_500
EVIDENCE = 12_000
"""In characters."""
ADVICE = ("why", "read")


def stories_of(task: TaskGrade, detail: Detail | None) -> dict[str, str]:
    """The story of each failed check, hidden ones too, by its id."""
    failed = {check.id for check in task.checks if check.outcome == "failed"}
    checks = detail.result.checks if detail else []
    return {check.id: story(task, check) for check in checks if check.id in failed}


def story(task: TaskGrade, check: CheckResult) -> str:
    """The evidence, why it matters, and where to read on."""
    return "\n".join(
        [evidence(check), *(f"{label}: {text}" for label, text in advice(task, check))]
    )


def advice(task: TaskGrade, check: CheckResult) -> list[tuple[str, str]]:
    """`why` it matters, and what to `read`, where they are known."""
    known = facts(check, task.task.partition("-")[0])
    return [(label, line(text)) for label, text in known if label in ADVICE]


def evidence(check: CheckResult) -> str:
    """The first and the last steps, the one that failed, expected and got: at most `EVIDENCE`
    characters."""
    rows = _steps(check.steps)
    for label, value in facts(check, ""):
        rows += [] if label in ADVICE else [f"{label}:\n{_indented(value)}"]
    return block("\n".join(rows), EVIDENCE)


def _steps(steps: list[str]) -> list[str]:
    last = len(steps)
    rows = [
        f"{'✗' if number == last else ' '} {number} {line(step)}"
        for number, step in enumerate(steps, start=1)
    ]
    left_out = last - LAST_STEPS - 1
    if left_out > 1:
        rows[1:-LAST_STEPS] = [f"  … {count(left_out, 'step')} more"]
    return rows


def _indented(text: str) -> str:
    return "\n".join(f"    {row}".rstrip() for row in block(text, FACT).splitlines())
