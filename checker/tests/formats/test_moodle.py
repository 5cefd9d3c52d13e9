"""Moodle's grade import, by the rules of its reader (`grade/import/csv/classes/load_data.php`):

- a row's user is found by one identifying column; where its cell is empty, the grade goes to the
  user of the row before;
- a grade is a number, or `-` for none."""

from __future__ import annotations

import csv
import io

import msgspec

from checker.grading.gradebook import Gradebook, Student
from checker.reports.formats import moodle
from checker.tests.formats.made_class import assert_harmless, honest, made_book, missing


def rows(book: Gradebook | None = None) -> list[dict[str, str]]:
    text = moodle.text(book or made_book())
    assert_harmless(text)
    return list(csv.DictReader(io.StringIO(text)))


def test_a_row_identifies_a_student_and_gives_a_grade() -> None:
    assert rows()[0] == {
        "ID number": "id-ana",
        "Email address": "ana@example.org",
        "Full name": "Ana Sá",
        "Sockets": "7",
    }


def test_what_is_not_graded_has_no_grade_and_what_is_missing_is_zero() -> None:
    grades = {row["ID number"]: row["Sockets"] for row in rows()}
    assert grades == {"id-ana": "7", "'+eve": "0", "id-bo": "-", "id-cy": "0", "id-dee": "10"}


def test_no_identifying_cell_is_ever_empty() -> None:
    nameless = msgspec.structs.replace(missing(), student=Student(id="id-cy", name="Cy"))
    found = rows(made_book(honest(), nameless))
    assert [list(row) for row in found] == [["ID number", "Full name", "Sockets"]] * 2


def test_the_rosters_own_identification_is_used() -> None:
    roster = {"ID number": "4711", "Email address": "ana@moodle.example"}
    student = Student(id="ana", name="Ana", email="ana@home.example", roster=roster)
    [row] = rows(made_book(msgspec.structs.replace(honest(), student=student)))
    assert (row["ID number"], row["Email address"]) == ("4711", "ana@moodle.example")
