"""A graded class as pages: one folder that needs no server, no network and no script.

`index.html` and `tasks/` are the instructor's; a page in `students/` is for that student, and names
no other."""

from __future__ import annotations

from pathlib import Path

from checker.grading.gradebook import Details, Gradebook
from checker.reports.pages import attention, heat, statistics
from checker.reports.pages.rendering import TEMPLATES, write_page
from checker.reports.pages.student import verdicts
from checker.workspace import Put, write_whole

STYLE = "style.css"


def write(book: Gradebook, details: Details, folder: Path, put: Put = write_whole) -> None:
    """Writes the pages, each of them whole. `details` are asked for one at a time. OSError: the
    disk is full, or the folder cannot be written."""
    put(folder / STYLE, (TEMPLATES / STYLE).read_text())
    for student in book.students:
        path = folder / "students" / f"{student.file}.html"
        told = verdicts(student, details)
        write_page(put, path, "student.html", depth=1, book=book, student=student, verdicts=told)
    counted = statistics.tasks(book)
    for number, task in enumerate(counted):
        path = folder / "tasks" / f"{task.task.task}.html"
        write_page(
            put,
            path,
            "task.html",
            depth=1,
            book=book,
            number=number,
            counted=task,
            outcomes=statistics.outcomes,
        )
    write_page(
        put,
        folder / "index.html",
        "class.html",
        depth=0,
        book=book,
        groups=attention.groups(book),
        counted=counted,
        struggles=statistics.struggles(counted),
        messages=statistics.messages(book),
        bins=statistics.distribution(book),
        median=statistics.median(book),
        handed_in=sum(statistics.handed_in(student) for student in book.students),
        cell=heat.cell,
    )
