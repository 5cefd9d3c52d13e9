"""What an Autolab autograder prints: feedback, then the scores as JSON in the last line (Autolab,
“Guide for Lab Authors”; `app/helpers/assessment_autograde_core.rb`). A problem per task is wanted
on the Autolab site, named as the task is, and one named `late` where lateness costs points."""

from __future__ import annotations

import json

from checker.grading.gradebook import Details, StudentGrade
from checker.reports.formats import told
from checker.reports.formats.neutral import line

LATE = "late"
_ROOM = 30_000
"""Characters for a task."""


def text(grade: StudentGrade, details: Details) -> str:
    """No outside text begins a line: Autolab takes JSON in the line before the last for a layout.

    A task that is not graded is left out of the scores, so that its problem stays open. Without
    any score Autolab would put zeros itself: then each problem's score is null."""
    lines = [told.head(grade)]
    for task in grade.tasks:
        report = told.report(task, details(grade, task), _ROOM)
        lines += ["", line(f"{task.task} · {task.title}"), report]
    graded = {task.task: task.points for task in grade.tasks if task.outcome != "error"}
    scores: dict[str, int | None] = {**(graded or {task.task: None for task in grade.tasks})}
    if grade.points is not None:
        lost = sum(graded.values()) - grade.points
        scores |= {LATE: -lost} if lost else {}
    return "\n".join([*lines, "", json.dumps({"scores": scores})]) + "\n"
