"""All formats, into one folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.grading.gradebook import Detail, StudentGrade, TaskGrade
from checker.reports.formats.write import write
from checker.tests.formats.made_class import assert_harmless, details, made_book
from checker.tests.made import no_room

OF_ALL = {"grades.csv", "canvas.csv", "moodle.csv"}
OF_EACH = [
    "gradescope/{}.json",
    "github-classroom/{}.env",
    "github-classroom/{}.txt",
    "autolab/{}.txt",
    "prairielearn/{}.json",
    "junit/{}.xml",
    "ctrf/{}.json",
    "feedback/{}.md",
]


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_every_format_of_every_student_is_there(tmp_path: Path) -> None:
    write(made_book(), details, tmp_path)
    students = ("ana", "eve", "bo", "cy", "dee")
    assert files(tmp_path) == OF_ALL | {name.format(s) for name in OF_EACH for s in students}
    for name in files(tmp_path):
        assert_harmless((tmp_path / name).read_text(encoding="utf-8"))


def test_the_same_grades_give_the_same_files(tmp_path: Path) -> None:
    write(made_book(), details, tmp_path / "one")
    write(made_book(), details, tmp_path / "two")
    for name in files(tmp_path / "one"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_details_are_asked_for_once_and_student_by_student(tmp_path: Path) -> None:
    asked: list[tuple[str, str]] = []

    def asking(grade: StudentGrade, task: TaskGrade) -> Detail | None:
        asked.append((grade.file, task.task))
        return details(grade, task)

    book = made_book()
    write(book, asking, tmp_path)
    assert asked == [(grade.file, task.task) for grade in book.students for task in grade.tasks]


def test_a_full_disk_leaves_the_old_files_whole(tmp_path: Path) -> None:
    write(made_book(), details, tmp_path)
    before = (tmp_path / "grades.csv").read_bytes()
    with no_room(), pytest.raises(OSError):
        write(made_book(), details, tmp_path)
    assert (tmp_path / "grades.csv").read_bytes() == before
