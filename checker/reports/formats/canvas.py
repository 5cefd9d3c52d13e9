"""`canvas.csv`: for Canvas' “Import grades” (Instructure, “How do I import grades in the
Gradebook?”; the columns and their order as its `lib/gradebook_importer.rb` reads them)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checker.grading.gradebook import Gradebook, Student, StudentGrade
from checker.reports.formats.neutral import table

COLUMNS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
POINTS_POSSIBLE = "Points Possible"
"""Canvas takes any row whose first cell has these words for the assignments' maxima."""


def text(book: Gradebook) -> str:
    """The identifying columns come from the roster, best one that Canvas exported; without them a
    student's id is taken for the SIS User ID. What is not graded has an empty cell."""
    return table(_rows(book))


def _rows(book: Gradebook) -> Iterator[list[str | int]]:
    best = book.students[0].max_points if book.students else 0
    yield [*COLUMNS, _assignment(book)]
    yield [POINTS_POSSIBLE, "", "", "", "", best]
    for grade in book.students:
        yield [*_identity(grade.student), _score(grade)]


def _assignment(book: Gradebook) -> str:
    """Canvas knows an assignment by the number behind its name, which its export tells; under a
    name alone it finds the one of that name, or offers to make it."""
    numbered = re.compile(re.escape(book.title) + r" \(\d+\)")
    known = {column for grade in book.students for column in grade.student.roster}
    return next((column for column in sorted(known) if numbered.fullmatch(column)), book.title)


def _identity(student: Student) -> list[str]:
    row = student.roster
    name = row.get("Student") or student.name
    if POINTS_POSSIBLE in name:
        name = name.replace(POINTS_POSSIBLE, "Points-Possible")
    found = [row.get(column, "") for column in COLUMNS[1:]]
    if not any(found[:3]):
        found[1] = student.id
    return [name, *found]


def _score(grade: StudentGrade) -> str | int:
    return "" if grade.points is None else grade.points
