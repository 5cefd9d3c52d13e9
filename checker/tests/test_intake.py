"""From a folder of whatever students handed in to one submission per student."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.grading import moments
from checker.grading.gradebook import Student
from checker.grading.handed_in import IntakeError, Submission
from checker.grading.intake import take_in
from checker.grading.roster import Roster
from checker.submission import pack
from checker.tests.handed import PROGRAM, manifest, put, tar, zipped
from checker.workspace import Workspace

pytestmark = pytest.mark.usefixtures("course")

ONE = {"01-one/main.cpp": PROGRAM}
TWO = {"02-two/main.cpp": PROGRAM}
JANUARY, MAY = "2024-01-01T00:00:00+00:00", "2024-05-01T00:00:00+00:00"


def packed(student_id: str, when: str = JANUARY, files: dict[str, bytes] = ONE) -> bytes:
    return tar({"manifest.json": manifest(student_id, packed=when)} | files)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "submissions"
    made.mkdir()
    return made


def only(submissions: list[Submission]) -> Submission:
    (one,) = submissions
    return one


def test_what_lab_submit_makes_comes_in_whole(folder: Path, tmp_path: Path) -> None:
    place = Workspace(tmp_path / "mine")
    place.start()
    pack(place, "Ana Sá", "ist1 99", folder / "any name.tar.gz")
    one = only(take_in(folder, None))
    assert (one.student.id, one.student.name, one.name) == ("ist1 99", "Ana Sá", "any name.tar.gz")
    assert {slug: source.files for slug, source in one.sources.items()} == {
        "01-one": {"main.cpp": b"// TODO 1\n"},
        "02-two": {"main.cpp": b"// TODO 2\n"},
    }
    assert not one.trouble


def test_all_kinds_are_mixed_and_sorted_by_student(folder: Path) -> None:
    put(folder, {"zoe/work/01-one/main.cpp": PROGRAM, "bo.zip": zipped(ONE)})
    put(folder, {"x.tar.xz": tar(ONE, "w:xz"), "x2.tgz": packed("ana")})
    put(folder, {"Li Wei_77_assignsubmission_file_/01-one.cpp": PROGRAM})
    put(folder, {"doejane_LATE_12_34_main.zip": zipped(ONE), "notes.pdf": b"%PDF"})
    taken = take_in(folder, None)
    ids = ["12", "77", "ana", "bo", "notes.pdf", "x", "zoe"]
    assert [one.student.id for one in taken] == ids
    assert [one.student.id for one in taken if not one.sources] == ["notes.pdf"]
    assert {one.trouble for one in taken} == {"", "Canvas marks it late", "no task's files in it"}


def test_taking_in_twice_gives_the_same(folder: Path) -> None:
    put(folder, {f"s{number}.tgz": packed(f"s{number % 3}") for number in range(9)})
    assert take_in(folder, None) == take_in(folder, None)


def test_one_zip_file_holds_the_whole_export(folder: Path) -> None:
    export = {
        "Ana Sá_1_assignsubmission_file_/work.tar.gz": tar(ONE),
        "Ana Sá_1_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello",
        "Bo_2_assignsubmission_file_/01-one/main.cpp": PROGRAM,
        "Bo_2_assignsubmission_file_/02-two/main.cpp": PROGRAM,
        "doejane_12_34_work.zip": zipped(TWO),
    }
    put(folder, {"CS-Lab 1-99.zip": zipped(export)})
    taken = take_in(folder / "CS-Lab 1-99.zip", None)
    assert {one.student.name: sorted(one.sources) for one in taken} == {
        "Ana Sá": ["01-one"],
        "Bo": ["01-one", "02-two"],
        "doejane": ["02-two"],
    }


def test_an_export_among_submissions_is_told(folder: Path) -> None:
    inside = {"Ana_1_assignsubmission_file_/01-one/main.cpp": PROGRAM}
    put(folder, {"export.zip": zipped(inside)})
    assert "it is a platform's export: grade it by itself" in only(take_in(folder, None)).trouble


def test_of_one_students_submissions_the_newest_counts(folder: Path) -> None:
    put(folder, {"b.tgz": packed("ana", MAY, TWO), "a.tgz": packed("ana", JANUARY)})
    one = only(take_in(folder, None))
    assert (one.name, sorted(one.sources)) == ("b.tgz", ["02-two"])
    assert one.trouble == "a.tgz: older, so it does not count"


def test_a_manifest_takes_no_ones_place_whom_the_platform_named(folder: Path) -> None:
    put(folder, {"Ana_1_assignsubmission_file_x.tgz": packed("ana"), "eve.tgz": packed("ana", MAY)})
    roster = Roster([Student(id="ana", name="Ana", roster={"Identifier": "Participant 1"})])
    one = only(take_in(folder, roster))
    assert one.name.startswith("Ana_1_")
    assert one.trouble == "eve.tgz: older, so it does not count"


def test_files_of_one_hand_in_are_taken_together(folder: Path) -> None:
    put(folder, {"ana_1_2_one.cpp": b'#include "u.h"', "ana_1_3_u.h": b"", "ana_1_4_2.cpp": b""})
    one = only(take_in(folder, None))
    assert {slug: sorted(source.files) for slug, source in one.sources.items()} == {
        "01-one": ["one.cpp", "u.h"],
        "02-two": ["2.cpp", "u.h"],
    }
    assert one.name == "ana_1_2_one.cpp and 2 more"


def test_of_several_archives_in_one_hand_in_the_newest_of_a_task_counts(folder: Path) -> None:
    new = packed("ana", MAY, {"01-one/main.cpp": b"new"})
    old = packed("ana", JANUARY, {"01-one/main.cpp": b"old"} | TWO)
    put(folder, {"ana_1_2_work.tgz": new, "ana_1_3_work-1.tgz": old})
    one = only(take_in(folder, None))
    assert one.sources["01-one"].files == {"main.cpp": b"new"}
    assert "02-two" in one.sources
    assert one.trouble == "01-one: in several archives, the newest counts"


def test_the_later_file_of_a_name_counts_where_no_manifest_tells(folder: Path) -> None:
    names = {9: "ana_1_9_w.zip", 10: "ana_1_10_w-1.zip"}
    put(folder, {name: zipped({"1/m.cpp": b"%d" % number}) for number, name in names.items()})
    assert only(take_in(folder, None)).sources["01-one"].files == {"m.cpp": b"10"}


def test_an_archive_in_an_archive_is_opened(folder: Path) -> None:
    put(folder, {"ana.zip": zipped({"loopback-ana.tar.gz": packed("ist1")})})
    one = only(take_in(folder, None))
    assert (one.student.id, list(one.sources)) == ("ist1", ["01-one"])


def test_the_manifest_nearest_to_the_top_is_the_students(folder: Path) -> None:
    both = {"a/manifest.json": manifest("someone"), "manifest.json": manifest("ana")}
    put(folder, {"x.zip": zipped(both | ONE)})
    assert only(take_in(folder, None)).student.id == "ana"


def at(path: Path, when: int) -> None:
    os.utime(path, (when, when))


def test_a_plain_file_was_handed_in_when_it_was_written(folder: Path) -> None:
    put(folder, {"ana.zip": zipped(ONE), "bo/01-one/main.cpp": PROGRAM})
    at(folder / "ana.zip", 1_700_000_000)
    at(folder / "bo/01-one/main.cpp", 1_700_000_001)
    ana, bo = take_in(folder, None)
    assert (ana.handed_in, bo.handed_in) == (
        "2023-11-14T22:13:20+00:00",
        "2023-11-14T22:13:21+00:00",
    )


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ("2023-11-14T23:00:00+01:00", "2023-11-14T22:00:00+00:00"),
        ("2023-11-14T22:00:00Z", "2023-11-14T22:00:00+00:00"),
        ("2099-01-01T00:00:00+00:00", "2023-11-14T22:13:20+00:00"),
        ("0001-01-01T00:00:00+23:00", "2023-11-14T22:13:20+00:00"),
        ("yesterday", "2023-11-14T22:13:20+00:00"),
    ],
)
def test_a_manifest_tells_when_but_nothing_after_the_file(
    folder: Path, told: str, known: str
) -> None:
    put(folder, {"ana.tgz": packed("ana", told)})
    at(folder / "ana.tgz", 1_700_000_000)
    assert only(take_in(folder, None)).handed_in == known


@pytest.mark.parametrize("seconds", [2.0**50, -(2.0**50), 2.0**80])
def test_a_time_that_no_calendar_has_is_no_time(seconds: float) -> None:
    assert moments.of_seconds(seconds) == ""


def test_the_time_of_an_export_is_no_time_of_handing_in(folder: Path) -> None:
    put(folder, {"Ana_1_assignsubmission_file_/01-one/main.cpp": PROGRAM})
    assert only(take_in(folder, None)).handed_in == ""


def test_the_roster_decides_who_is_there(folder: Path) -> None:
    put(folder, {"ana.zip": zipped(ONE), "guest.zip": zipped(ONE)})
    roster = Roster([Student(id=name, name=name) for name in ("zoe", "bo", "ana")])
    ana, bo, guest, zoe = take_in(folder, roster)
    assert (ana.student.id, ana.trouble, bool(ana.sources)) == ("ana", "", True)
    assert (guest.student.id, guest.trouble) == ("guest", "not on the roster")
    for missing in (bo, zoe):
        assert missing == Submission(student=missing.student)


def test_a_strangers_id_is_never_a_students_of_the_roster(folder: Path) -> None:
    put(folder, {"Eve_5_assignsubmission_file_x.zip": zipped(ONE), "5.zip": zipped(TWO)})
    honest, eve = take_in(folder, Roster([Student(id="5", name="Ana")]))
    assert (honest.student.id, honest.name) == ("5", "5.zip")
    assert (eve.student.id, eve.trouble) == ("5-2", "not on the roster")


def test_another_students_manifest_is_told(folder: Path) -> None:
    put(folder, {"bo.tgz": packed("ana"), "Bo_2_assignsubmission_file_x.tgz": packed("ana")})
    roster = Roster(
        [
            Student(id="ana", name="Ana"),
            Student(id="bo", name="Bo", roster={"Identifier": "Participant 2"}),
        ]
    )
    ana, bo = take_in(folder, roster)
    assert ana.trouble == "bo: its name and its manifest name two students"
    assert bo.trouble == "ana: its name and its manifest name two students"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "no submission in it"),
        ({".DS_Store": b"", "__MACOSX/x": b"", "ids.csv": b"", "Thumbs.db": b""}, "no submission"),
        ({"01-one/main.cpp": PROGRAM}, "is one submission: give the folder that holds the sub"),
        ({"manifest.json": b"{}"}, "is one submission"),
    ],
)
def test_a_folder_that_holds_no_submissions_is_told(
    folder: Path, files: dict[str, bytes], told: str
) -> None:
    with pytest.raises(IntakeError, match=told) as caught:
        take_in(put(folder, files), None)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_zip_is_told(folder: Path) -> None:
    put(folder, {"all.tar": tar(ONE)})
    with pytest.raises(IntakeError, match="give a folder of submissions, or a zip file of them"):
        take_in(folder / "all.tar", None)


def test_a_missing_folder_is_the_systems_error(folder: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        take_in(folder / "no", None)
    assert caught.value.filename == str(folder / "no")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_and_folder_are_told(folder: Path) -> None:
    put(folder, {"ana.zip": zipped(ONE), "bo/01-one/main.cpp": PROGRAM})
    (folder / "ana.zip").chmod(0)
    (folder / "bo" / "01-one").chmod(0)
    ana, bo = take_in(folder, None)
    (folder / "bo" / "01-one").chmod(0o700)
    assert "ana.zip: Permission denied" in ana.trouble
    assert "01-one: a folder that cannot be read (Permission denied), left out" in bo.trouble


def test_the_line_of_troubles_stays_short(folder: Path) -> None:
    put(folder, {f"ana/{number}/x.cpp": b"" for number in range(100, 200)})
    put(folder, {f"ana/{number}.7z": b"7z\xbc\xaf\x27\x1c" for number in range(100, 200)})
    assert only(take_in(folder, None)).trouble == (
        "100.7z, 101.7z, 102.7z and 97 more: neither a zip nor a tar file; "
        "100/x.cpp, 101/x.cpp, 102/x.cpp and 97 more: of no task; no task's files in it"
    )
