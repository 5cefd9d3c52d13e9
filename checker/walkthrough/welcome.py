"""The first page, when there is no workspace yet: five lines, and a key to begin."""

from __future__ import annotations

from checker import workspace
from checker.catalog import Task
from checker.walkthrough.dialogs import Question
from checker.workspace import Workspace


def page(place: Workspace, tasks: list[Task]) -> Question:
    """The answer is whether to make the workspace."""
    hours = sum(task.file.minutes for task in tasks) / 60
    lines = (
        f"Welcome to Loopback: {len(tasks)} programs in C++, in about {hours:.0f} hours.",
        "They go from one system call to a concurrent server.",
        f"You edit {workspace.shown(place.program(tasks[0]))}, with any editor.",
        "At each save it is built and judged, and here you see what it did.",
        "Stuck? h gives a hint. Curious? e lets you predict, and shows it.",
    )
    return Question("\n".join(lines), ("Enter", "begins"), ("q", "quits"))
