"""Canvas' gradebook import, by the rules of its importer (`lib/gradebook_importer.rb`):

- the first cells are Student and ID, then SIS User ID and SIS Login ID, the last one before the
  assignments is Section;
- a row whose first cell holds “Points Possible” sets the maxima, whoever wrote it;
- a student is found by ID, else by SIS User ID, else by SIS Login ID, else by name;
- an empty grade is no grade."""

from __future__ import annotations

import csv
import io

import msgspec

from checker.grading.gradebook import Gradebook, Student
from checker.reports.formats import canvas
from checker.tests.formats.made_class import assert_harmless, honest, made_book


def rows(book: Gradebook | None = None) -> list[list[str]]:
    text = canvas.text(book or made_book())
    assert_harmless(text)
    return list(csv.reader(io.StringIO(text)))


def with_roster(**roster: str) -> Gradebook:
    student = Student(id="77", name="Ana Sá", roster=roster)
    return made_book(msgspec.structs.replace(honest(), student=student))


def test_the_header_is_the_one_that_canvas_wants() -> None:
    assert rows()[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Sockets"]


def test_the_second_row_has_the_maximum() -> None:
    assert rows()[1] == ["Points Possible", "", "", "", "", "20"]


def test_only_one_row_sets_the_maximum() -> None:
    assert [number for number, row in enumerate(rows()) if "Points Possible" in row[0]] == [1]


def test_the_id_identifies_where_the_roster_does_not() -> None:
    assert rows()[2] == ["Ana Sá", "", "id-ana", "", "", "7"]


def test_the_rosters_columns_come_back_as_they_were() -> None:
    columns = {
        "Student": "Sá, Ana",
        "ID": "12",
        "SIS User ID": "sis1",
        "SIS Login ID": "ana@school",
        "Section": "L02",
        "Sockets (4711)": "",
    }
    header, _, row = rows(with_roster(**columns))
    assert row == ["Sá, Ana", "12", "sis1", "ana@school", "L02", "7"]
    assert header[-1] == "Sockets (4711)"  # Canvas' own number of the assignment


def test_what_is_not_graded_is_empty_and_what_is_missing_is_zero() -> None:
    grades = {row[2]: row[5] for row in rows()[2:]}
    assert grades == {"id-ana": "7", "'+eve": "0", "id-bo": "", "id-cy": "0", "id-dee": "10"}


def test_every_row_is_as_long_as_the_header() -> None:
    assert {len(row) for row in rows()} == {6}
