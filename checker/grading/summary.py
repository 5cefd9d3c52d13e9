"""What an instructor reads at the end of `lab grade`, and its exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from checker.grading.gradebook import Gradebook, GradeOutcome
from checker.text import count, plain
from checker.workspace import shown

COLUMNS: dict[GradeOutcome, str] = {
    "done": "done",
    "not done": "not done",
    "does not compile": "no build",
    "missing": "missing",
    "error": "error",
}


def show(book: Gradebook, folder: Path, out: Console) -> None:
    """How each task went, then what needs a look, then what is to be done about errors; each of
    these is one line, so that other programs can read them."""
    table = Table("task", *COLUMNS.values(), box=None)
    for place, task in enumerate(book.tasks):
        found = Counter(student.tasks[place].outcome for student in book.students)
        table.add_row(task.task, *(str(found[each] or "") for each in COLUMNS))
    out.print(table)
    for style, lines in (("skipped", to_look_at(book)), ("error", errors(book))):
        for line in lines:
            out.print(Text(line, style=style), soft_wrap=True)
    number = count(len(book.students), "student")
    out.print(f"{number} · seed {book.seed} · reports in {shown(folder)}", soft_wrap=True)


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
                who = plain(student.student.id)
                yield f"error {who} {task.task}: {task.trouble}; grade again"
