"""Where in a submission the files of a task are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.grading.handed_in import Submission
from checker.grading.intake import take_in
from checker.tests.handed import PROGRAM, put, zipped

pytestmark = pytest.mark.usefixtures("course")


def taken(tmp_path: Path, files: dict[str, bytes]) -> Submission:
    put(tmp_path / "submissions", {"ana.zip": zipped(files)})
    (one,) = take_in(tmp_path / "submissions", None)
    return one


@pytest.mark.parametrize(
    "folder",
    ["01-one/", "work/01-one/", "a/b/01-one/", "1/", "01/", "one/", "ONE/", "01_One/", "01 one/"],
)
def test_a_folder_that_is_called_like_a_task_holds_it(tmp_path: Path, folder: str) -> None:
    one = taken(
        tmp_path, {folder + "main.cpp": PROGRAM, folder + "u.h": b"", folder + "a.txt": b""}
    )
    source = one.sources["01-one"]
    assert (source.name, source.files, source.units) == (
        "01-one",
        {"main.cpp": PROGRAM, "u.h": b""},
        ("main.cpp",),
    )
    assert not one.trouble


@pytest.mark.parametrize("name", ["01-one.cpp", "1.cc", "one.c", "a/one-1.cpp", "a/one (2).cpp"])
def test_a_single_file_can_be_a_task(tmp_path: Path, name: str) -> None:
    beside = name.rpartition("/")[0]
    one = taken(tmp_path, {name: PROGRAM, f"{beside}/u.h".lstrip("/"): b"", "x/y.h": b""})
    plain = name.rpartition("/")[2]
    assert one.sources["01-one"].files == {plain: PROGRAM, "u.h": b""}
    assert one.sources["01-one"].units == (plain,)


def test_a_folder_comes_before_a_file(tmp_path: Path) -> None:
    one = taken(tmp_path, {"01-one.cpp": b"file", "one/main.cpp": b"folder"})
    assert one.sources["01-one"].files == {"main.cpp": b"folder"}
    assert one.trouble == "one, 01-one.cpp: several of 01-one, the first counts"


def test_of_several_folders_the_one_nearest_to_the_top_counts(tmp_path: Path) -> None:
    one = taken(tmp_path, {"a/old/01-one/main.cpp": b"old", "z/01-one/main.cpp": b"new"})
    assert one.sources["01-one"].files == {"main.cpp": b"new"}
    assert one.trouble == "z/01-one, a/old/01-one: several of 01-one, the first counts"


def test_an_equal_copy_is_not_worth_a_word(tmp_path: Path) -> None:
    assert not taken(tmp_path, {"copy/1/main.cpp": PROGRAM, "1/main.cpp": PROGRAM}).trouble


def test_sources_below_the_tasks_folder_are_found(tmp_path: Path) -> None:
    one = taken(tmp_path, {"01-one/src/main.cpp": PROGRAM, "01-one/notes.h": b""})
    assert one.sources["01-one"].files == {"main.cpp": PROGRAM}


def test_headers_alone_are_no_task(tmp_path: Path) -> None:
    assert taken(tmp_path, {"01-one/u.h": b""}).trouble == "no task's files in it"


@pytest.mark.parametrize(
    "junk",
    [
        "__MACOSX/01-one/._main.cpp",
        "__MACOSX/01-one/main.cpp",
        ".git/01-one/main.cpp",
        "01-one/.main.cpp",
        "01-one/build/main.cpp",
        "01-one/cmake-build-debug/CMakeFiles/x.cpp",
    ],
)
def test_what_programs_leave_is_no_source(tmp_path: Path, junk: str) -> None:
    one = taken(tmp_path, {junk: b"junk"})
    assert (one.sources, one.trouble) == ({}, "no task's files in it")


def test_a_backslash_of_windows_is_a_slash(tmp_path: Path) -> None:
    assert "01-one" in taken(tmp_path, {"work\\01-one\\main.cpp": PROGRAM}).sources


def test_utf_8_that_does_not_say_so_is_read(tmp_path: Path) -> None:
    packed = bytearray(zipped({"1/main.cpp": PROGRAM, "1/é.h": b""}))
    for flags in (packed.rindex(b"PK\3\4") + 6, packed.rindex(b"PK\1\2") + 8):
        packed[flags + 1] &= ~0x08
    put(tmp_path / "submissions", {"ana.zip": bytes(packed)})
    (one,) = take_in(tmp_path / "submissions", None)
    assert set(one.sources["01-one"].files) == {"main.cpp", "é.h"}


def test_a_source_of_no_task_is_told(tmp_path: Path) -> None:
    one = taken(tmp_path, {"work/main.cpp": PROGRAM, "01-one/main.cpp": PROGRAM})
    assert one.trouble == "work/main.cpp: of no task"


def test_a_workspaces_own_link_is_not_worth_a_word(tmp_path: Path) -> None:
    place = tmp_path / "submissions" / "ana"
    put(place, {"01-one/main.cpp": PROGRAM})
    (place / "lab").symlink_to("/nowhere/lab")
    (one,) = take_in(tmp_path / "submissions", None)
    assert not one.trouble
