"""The class in columns of our own."""

from __future__ import annotations

import csv
import io

from checker.reports.formats import grades_csv
from checker.tests.formats.made_class import EVIL_NAME, assert_harmless, made_book


def rows() -> dict[str, dict[str, str]]:
    """By id."""
    text = grades_csv.text(made_book())
    assert_harmless(text)
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}


def test_a_row_says_all_of_a_grade() -> None:
    assert rows()["id-ana"] == {
        "id": "id-ana",
        "name": "Ana Sá",
        "email": "ana@example.org",
        "points": "7",
        "max points": "20",
        "late seconds": "3900",
        "penalty": "3",
        "01-one points": "10",
        "01-one outcome": "done",
        "02-two points": "0",
        "02-two outcome": "not done",
        "stars": "1",
        "unstable": "",
        "trouble": "",
    }


def test_what_is_not_graded_has_no_points() -> None:
    row = rows()["id-bo"]
    assert (row["points"], row["01-one points"], row["02-two points"]) == ("", "10", "")
    assert row["02-two outcome"] == "error"


def test_what_is_missing_is_zero_and_called_so() -> None:
    row = rows()["id-cy"]
    assert (row["points"], row["01-one outcome"]) == ("0", "missing")


def test_an_unstable_task_is_named() -> None:
    assert rows()["id-dee"]["unstable"] == "02-two"


def test_hostile_text_stays_text() -> None:
    row = rows()["'+eve"]
    assert row["name"].startswith("'=HYPERLINK")
    assert ";'+1" in row["name"]
    assert EVIL_NAME not in row["name"]
    assert row["email"].startswith("'@")
    assert row["trouble"].startswith("'=cmd")


def test_a_class_of_nobody_has_a_header() -> None:
    book = made_book(students=[])
    assert grades_csv.text(book).startswith("id,name,email,points,max points,")
