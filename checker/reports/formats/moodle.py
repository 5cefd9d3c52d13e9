"""`moodle.csv`: for the gradebook's CSV import (Moodle documentation, “Grade import”;
`grade/import/csv/classes/load_data.php`). “ID number” or “Email address” identifies the user."""

from __future__ import annotations

from collections.abc import Iterator

from checker.grading.gradebook import Gradebook, StudentGrade
from checker.reports.formats.neutral import table

NO_GRADE = "-"


def text(book: Gradebook) -> str:
    """What is not graded has Moodle's own mark for no grade.

    There is an email column only when everybody has an address: where the identifying cell of a
    row is empty, Moodle gives the grade to the student of the row before it."""
    emails = all(_email(grade) for grade in book.students)
    return table(_rows(book, emails))


def _rows(book: Gradebook, emails: bool) -> Iterator[list[str | int]]:
    yield ["ID number", *(["Email address"] if emails else []), "Full name", book.title]
    for grade in book.students:
        number = grade.student.roster.get("ID number") or grade.student.id
        email = [_email(grade)] if emails else []
        yield [number, *email, grade.student.name, _grade(grade)]


def _email(grade: StudentGrade) -> str:
    return grade.student.roster.get("Email address") or grade.student.email


def _grade(grade: StudentGrade) -> str | int:
    return NO_GRADE if grade.points is None else grade.points
