"""What an instructor reads at the end of `lab grade`, and its exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from checker.grading.gradebook import Gradebook
from checker.text import count, plain
from checker.workspace import shown

COLUMNS = {"done": "done", "not done": "not done", "does not compile": "no build"}
COLUMNS |= {"missing": "missing", "error": "error"}


def summary(book: Gradebook, folder: Path) -> RenderableType:
    """How each task went, then what needs a look, then what is to be done about errors."""
    table = Table("task", *COLUMNS.values(), box=None)
    for place, task in enumerate(book.tasks):
        found = Counter(student.tasks[place].outcome for student in book.students)
        table.add_row(task.task, *(str(found[each] or "") for each in COLUMNS))  # type: ignore[index]
    parts: list[RenderableType] = [table, Text()]
    parts += [Text(line, style="skipped") for line in to_look_at(book)]
    parts += [Text(line, style="error") for line in errors(book)]
    number = count(len(book.students), "student")
    parts.append(Text(f"{number} · seed {book.seed} · reports in {shown(folder)}"))
    return Group(*parts)


def status_of(book: Gradebook) -> int:
    """3: some verdicts are missing by the checker's own fault; 1: the instructor should look at
    something; 0."""
    if any(errors(book)):
        return 3
    return 1 if any(to_look_at(book)) else 0


def to_look_at(book: Gradebook) -> Iterator[str]:
    """Submissions that could not be read, or not wholly; verdicts that were not the same twice."""
    for student in book.students:
        who = plain(student.student.id)
        if student.trouble:
            yield f"look at {who}: {plain(student.trouble)}"
        for task in student.tasks:
            if task.unstable:
                yield f"unstable {who} {task.task}: {task.attempts} attempts; the last one counts"


def errors(book: Gradebook) -> Iterator[str]:
    """Rows that are no verdict: the same command tries them again."""
    for student in book.students:
        for task in student.tasks:
            if task.outcome == "error":
                yield f"error {plain(student.student.id)} {task.task}: no verdict; grade again"
