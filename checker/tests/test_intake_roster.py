"""The class, from the CSV files that learning platforms export."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from checker.grading.gradebook import Student
from checker.grading.handed_in import IntakeError
from checker.grading.roster import Roster, handed_in, read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab (99)
,,,,,Manual Posting
    Points Possible,,,,,100
"Sá, Ana",4711,ist1,ana,Lab,
"Li, Wei",4712,,wei,Lab,
"""
MOODLE = """\
\ufeffIdentifier,"Full name","ID number","Email address",Status,Grade,"Last modified (submission)"
"Participant 1234","Ana Sá",ist1,ana@x,"Submitted",,"Thursday, 21 March 2024, 10:15 AM"
"Participant 1235","Wei Li",,wei@x,"No submission",,-
"""
PLAIN = "id,name\n1,Édith O'Hara da Silva\n2,Edith Silva\n"


def read(tmp_path: Path, content: str, encoding: str = "utf-8") -> Roster:
    file = tmp_path / "class.csv"
    file.write_bytes(content.encode(encoding))
    return read_roster(file)


def told(roster: Roster) -> list[tuple[str, str, str]]:
    return [(student.id, student.name, student.email) for student in roster.students]


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (CANVAS, [("ist1", "Ana Sá", ""), ("4712", "Wei Li", "")]),
        (MOODLE, [("ist1", "Ana Sá", "ana@x"), ("wei@x", "Wei Li", "wei@x")]),
        ("Identifier,Status\nParticipant 7,\n", [("Participant 7", "Participant 7", "")]),
        ("First name,Surname,ID number\nAna,Sá,1\n", [("1", "Ana Sá", "")]),
        ("First Name,Last Name,SID,Email\nAna,Sá,1,a@b\n", [("1", "Ana Sá", "a@b")]),
        ("Name,SID,Email\nAna Sá,1,a@b\n", [("1", "Ana Sá", "a@b")]),
        ("id;name;email\r\n1;Ana;a@b\r\n\r\n", [("1", "Ana", "a@b")]),
        ("id\tname\n 1 \t Ana  Sá \n", [("1", "Ana Sá", "")]),
        ('name,id\n"Ana\nSá, the second",1\n', [("1", "Ana Sá, the second", "")]),
        ("email\na@b\n", [("a@b", "a@b", "a@b")]),
        ("name\nAna\x1b[2J\n", [("Ana?[2J", "Ana?[2J", "")]),
    ],
)
def test_the_usual_columns_are_known(
    tmp_path: Path, content: str, known: list[tuple[str, str, str]]
) -> None:
    assert told(read(tmp_path, content)) == known


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_the_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    assert told(read(tmp_path, "id,name\n1,José Sá\n", encoding)) == [("1", "José Sá", "")]


def test_the_whole_row_is_kept_as_it_is(tmp_path: Path) -> None:
    student = read(tmp_path, CANVAS).students[0]
    assert student.roster == {
        "Student": "Sá, Ana",
        "ID": "4711",
        "SIS User ID": "ist1",
        "SIS Login ID": "ana",
        "Section": "Lab",
        "Lab (99)": "",
    }


@pytest.mark.parametrize(
    ("content", "known"),
    [
        (CANVAS, ("id", "IST1")),
        (CANVAS, ("platform", "4711")),
        (CANVAS, ("login", "ana")),
        (CANVAS, ("sorted", "sáana")),
        (CANVAS, ("sorted", "saana")),
        (PLAIN, ("sorted", "oharadasilvaedith")),
        (PLAIN, ("sorted", "dasilvaedithohara")),
        (MOODLE, ("participant", "1234")),
        (MOODLE, ("email", "Ana@x")),
        (MOODLE, ("name", "Ana  Sa\u0301")),
    ],
)
def test_a_student_is_found(tmp_path: Path, content: str, known: tuple[str, str]) -> None:
    roster = read(tmp_path, content)
    assert roster.find(("id", "nobody"), known) is roster.students[0]


@pytest.mark.parametrize(
    "unknown", [("id", ""), ("participant", "234"), ("participant", ""), ("platform", "ist1")]
)
def test_nobody_is_found_by_another_kind_of_word(tmp_path: Path, unknown: tuple[str, str]) -> None:
    assert read(tmp_path, CANVAS + "x,,,,,\n").find(unknown) is None


def test_who_is_called_as_another_the_other_way_round_is_not_told_apart() -> None:
    roster = Roster([Student(id="1", name="Wei Li"), Student(id="2", name="Li Wei")])
    assert roster.find(("sorted", "liwei")) is None


def test_two_of_one_name_are_not_told_apart_by_it() -> None:
    roster = Roster([Student(id="1", name="Ana"), Student(id="2", name="Ana")])
    assert roster.find(("name", "Ana")) is None
    assert roster.find(("name", "Ana"), ("id", "2")) is roster.students[1]


def test_moodles_worksheet_tells_when_it_was_handed_in(tmp_path: Path) -> None:
    ana, wei = read(tmp_path, MOODLE).students
    here = datetime.fromisoformat(handed_in(ana)).astimezone().replace(tzinfo=None)
    assert here == datetime(2024, 3, 21, 10, 15)
    assert handed_in(wei) == ""


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        ("", "no column is called id, name or email"),
        ("colour,size\nred,1\n", "no column is called id, name or email"),
        ("id,name\n", "no student in it"),
        ("id,name\n1,Ana\n2,Bo\n1,Eve\n", "line 4: 1 is there twice"),
        ('id,name\n1,"Ana\n', "line 2: no CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_told(tmp_path: Path, content: str, trouble: str) -> None:
    with pytest.raises(IntakeError, match=trouble) as caught:
        read(tmp_path, content)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "class.csv"))
