"""The class, from the CSV file that a learning platform exports.

Columns are known by their headings; big and small letters, spaces and punctuation are one:

- the id: `ID number` (Moodle), `SIS User ID` (Canvas), `SID` (Gradescope), `Student ID`, `id`;
  where a student has none, the login, the email address, the platform's number or the name
- the name: `Name`, `Full name`, `Student` (Canvas: “Sá, Ana”), or `First name` with `Surname` or
  `Last name`
- `Email address`, `Email`; `SIS Login ID`, `Username`, `Login`
- `Identifier` (Moodle: “Participant 1234”) and `ID` (Canvas), the platform's own numbers
- `Last modified (submission)` (Moodle's grading worksheet): when it was handed in

UTF-8, UTF-16 with its mark, or Latin-1; commas, semicolons or tabs between the columns."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from checker.grading.gradebook import Student
from checker.grading.handed_in import IntakeError
from checker.text import plain

Row = dict[str, str]
"""Heading without spaces, punctuation and capitals → text without spaces around it."""

IDS = ("idnumber", "sisuserid", "sid", "studentid", "studentnumber", "matriculationnumber")
LOGINS = ("sisloginid", "loginid", "login", "username")
EMAILS = ("emailaddress", "email", "mail")
NAMES = ("fullname", "name", "studentname", "displayname", "student")
FIRST_NAMES, LAST_NAMES = ("firstname", "givenname"), ("surname", "lastname", "familyname")
PARTICIPANTS, PLATFORM_IDS = ("identifier",), ("id", "userid", "canvasuserid")
ANY_ID = (*IDS, *PLATFORM_IDS, *LOGINS, *EMAILS, *PARTICIPANTS)
HANDED_IN = "lastmodifiedsubmission"
MOODLE_TIMES = ("%A, %d %B %Y, %I:%M %p", "%A, %d %B %Y, %H:%M")
DELIMITERS = ",;\t"


class Roster:
    """`students`: in the file's order, with unique ids."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = list(students)
        self._by: dict[tuple[str, str], list[Student]] = defaultdict(list)
        for student in self.students:
            for kind, value in _known_as(student):
                if student not in self._by[kind, value]:
                    self._by[kind, value].append(student)

    def find(self, *known: tuple[str, str]) -> Student | None:
        """By the first (kind, value) that one student, and no other, has. Kinds: `id`, `platform`,
        `participant`, `email`, `login`, `name`, and `sorted` for last and first name in one."""
        for kind, value in known:
            found = self._by.get((kind, _squeezed(kind, value)), [])
            if len(found) == 1:
                return found[0]
        return None


def read_roster(path: Path) -> Roster:
    """IntakeError when it is no such file; OSError when it cannot be read."""
    lines = csv.reader(io.StringIO(text := _decoded(path.read_bytes()), newline=""), _dialect(text))
    students: dict[str, Student] = {}
    try:
        headings = next(lines, [])
        _demand_columns(path, headings)
        for cells in lines:
            student = _student(dict(zip(headings, cells, strict=False)))
            if student is None:
                continue
            if student.id in students:
                raise IntakeError(f"{path}, line {lines.line_num}: {student.id} is there twice")
            students[student.id] = student
    except csv.Error as error:
        raise IntakeError(f"{path}, line {lines.line_num}: no CSV ({error})") from error
    if not students:
        raise IntakeError(f"{path}: no student in it")
    return Roster(students.values())


def handed_in(student: Student) -> str:
    """As Moodle's worksheet tells, in the time zone of this machine; "" when it does not."""
    told = _row(student.roster).get(HANDED_IN, "")
    for form in MOODLE_TIMES:
        try:
            return datetime.strptime(told, form).astimezone(UTC).isoformat()
        except (ValueError, OverflowError):
            continue
    return ""


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _dialect(text: str) -> type[csv.Dialect]:
    heading = text.partition("\n")[0]

    class Dialect(csv.excel):
        delimiter = max(DELIMITERS, key=heading.count)
        strict = True

    return Dialect


def _demand_columns(path: Path, headings: list[str]) -> None:
    known = {_heading(heading) for heading in headings}
    if not known & {*ANY_ID, *NAMES}:
        raise IntakeError(
            f"{path}: no column is called id, name or email; the first line must name the columns"
        )


def _student(raw: dict[str, str]) -> Student | None:
    """None for a row of no student, such as Canvas' “Points Possible”."""
    row = _row(raw)
    name = _name(row)
    found = _first(row, ANY_ID) or name
    if not found or found == "Points Possible":
        return None
    return Student(id=found, name=name or found, email=_first(row, EMAILS), roster=raw)


def _row(raw: dict[str, str]) -> Row:
    return {_heading(column): " ".join(plain(text).split()) for column, text in raw.items()}


def _heading(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _first(row: Row, headings: Iterable[str]) -> str:
    return next((row[heading] for heading in headings if row.get(heading)), "")


def _name(row: Row) -> str:
    full = _first(row, NAMES) or " ".join(
        filter(None, (_first(row, FIRST_NAMES), _first(row, LAST_NAMES)))
    )
    last, comma, first = full.partition(", ")
    return f"{first} {last}" if comma and row.get("student") == full else full


def _known_as(student: Student) -> Iterable[tuple[str, str]]:
    row = _row(student.roster)
    known = [
        ("id", student.id),
        ("platform", _first(row, PLATFORM_IDS)),
        ("participant", _first(row, PARTICIPANTS)),
        ("email", student.email),
        ("login", _first(row, LOGINS)),
        ("name", student.name),
        *(("sorted", name) for name in _sorted_names(student.name, row)),
    ]
    return [(kind, squeezed) for kind, value in known if (squeezed := _squeezed(kind, value))]


def _sorted_names(name: str, row: Row) -> list[str]:
    """Last name first. Of a name in one piece nobody knows where the last one begins."""
    if last_first := _first(row, LAST_NAMES) + _first(row, FIRST_NAMES):
        return [last_first]
    if ", " in (sorted_name := row.get("student", "")):
        return [sorted_name]
    words = name.split()
    return ["".join(words[place:] + words[:place]) for place in range(len(words))]


def _squeezed(kind: str, value: str) -> str:
    """So that what is meant to be the same is the same."""
    value = unicodedata.normalize("NFC", value)
    if kind == "participant":
        return "".join(re.findall(r"\d+$", value))
    if kind == "sorted":
        letters = unicodedata.normalize("NFKD", value.casefold())
        return re.sub(r"\W+", "", letters)
    return " ".join(value.casefold().split())
