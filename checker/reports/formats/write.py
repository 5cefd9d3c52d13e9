"""All formats, into one folder."""

from __future__ import annotations

from pathlib import Path

from checker.grading.gradebook import Detail, Details, Gradebook, StudentGrade, TaskGrade
from checker.reports.formats import (
    autolab,
    canvas,
    ctrf,
    feedback,
    github_classroom,
    grades_csv,
    gradescope,
    junit,
    moodle,
    prairielearn,
)
from checker.workspace import Put, write_whole


def write(book: Gradebook, details: Details, folder: Path, put: Put = write_whole) -> None:
    """Each file appears whole or not at all. At most one student's details are held at a time."""
    for grade in book.students:
        for name, text in _of_student(grade, details):
            put(folder / name, text)
    put(folder / "grades.csv", grades_csv.text(book))
    put(folder / "canvas.csv", canvas.text(book))
    put(folder / "moodle.csv", moodle.text(book))


def _of_student(grade: StudentGrade, details: Details) -> list[tuple[str, str]]:
    held = {task.task: details(grade, task) for task in grade.tasks}

    def known(_: StudentGrade, task: TaskGrade) -> Detail | None:
        return held[task.task]

    file = grade.file
    return [
        (f"gradescope/{file}.json", gradescope.text(grade, known)),
        (f"github-classroom/{file}.env", github_classroom.environment(grade)),
        (f"github-classroom/{file}.txt", github_classroom.notices(grade)),
        (f"autolab/{file}.txt", autolab.text(grade, known)),
        (f"prairielearn/{file}.json", prairielearn.text(grade, known)),
        (f"junit/{file}.xml", junit.text(grade, known)),
        (f"ctrf/{file}.json", ctrf.text(grade, known)),
        (f"feedback/{file}.md", feedback.text(grade, known)),
    ]
