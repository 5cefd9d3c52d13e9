"""`lab grade` where it may not read or write, or where there is no room: one line, and nothing is
lost from the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import catalog
from checker.grading.ledger import FILE, Ledger
from checker.tests.command import UNPRIVILEGED, Ended, lab, one_line

MOUNTS = ("unshare", "--map-root-user", "--mount", "sh", "-euc")
"""What follows runs among mounts of its own."""
FULL = "mount -t tmpfs -o size=%s none out; "
SOON = "int main() { return 1; }\n"

pytestmark = pytest.mark.usefixtures("private_arena")


def hand_in(folder: Path, program: str = SOON) -> None:
    for student in ("ana", "bob"):
        task = folder / "in" / student / "01-gethostname"
        task.mkdir(parents=True)
        (task / "main.c").write_text(program)
    (folder / "out").mkdir()


def grade(folder: Path, through: tuple[str, ...] = ()) -> Ended:
    words = ("grade", "in", "--out", "out", "--tasks", "1", "--seed", "1")
    return lab(*words, at=folder, through=through)


def dump_of(out: Path) -> list[tuple[object, ...]]:
    with Ledger(out, read=True) as ledger:
        return ledger.dump()


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    hand_in(tmp_path)
    assert grade(tmp_path).status == 0
    return tmp_path


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    hand_in(tmp_path)
    (tmp_path / "out").chmod(0o500)
    ended = grade(tmp_path, UNPRIVILEGED)
    (tmp_path / "out").chmod(0o700)
    assert ended.status == 2
    assert "out/ledger.sqlite: it cannot be written: make it writable" in one_line(ended.err)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("name", [FILE, "feedback", "pages/students"])
def test_a_report_or_a_ledger_that_may_not_be_written(graded: Path, name: str) -> None:
    before, place = dump_of(graded / "out"), graded / "out" / name
    mode = place.stat().st_mode
    place.chmod(0o500)
    ended = grade(graded, UNPRIVILEGED)
    place.chmod(mode)
    assert ended.status == 2
    assert f"out/{name}" in one_line(ended.err)
    assert dump_of(graded / "out") == before
    assert grade(graded).status == 0


def test_a_disk_that_is_read_only(graded: Path) -> None:
    before = dump_of(graded / "out")
    read_only = 'mount --bind out out; mount -o remount,bind,ro out; exec "$@"'
    ended = grade(graded, (*MOUNTS, read_only, "sh"))
    assert ended.status == 2
    assert "out/ledger.sqlite: it cannot be written" in one_line(ended.err)
    assert dump_of(graded / "out") == before


def test_a_file_in_the_folders_place(tmp_path: Path) -> None:
    hand_in(tmp_path)
    (tmp_path / "out").rmdir()
    (tmp_path / "out").write_text("mine")
    ended = grade(tmp_path)
    assert ended.status == 2
    assert one_line(ended.err) == "lab: out: that is no folder: choose another --out"


def test_submissions_that_may_not_be_read(graded: Path) -> None:
    before = dump_of(graded / "out")
    (graded / "in").chmod(0)
    ended = grade(graded, UNPRIVILEGED)
    (graded / "in").chmod(0o700)
    assert ended.status == 2
    assert "'in' is not readable" in one_line(ended.err)
    assert dump_of(graded / "out") == before


def test_one_submission_that_may_not_be_read_costs_no_other(tmp_path: Path) -> None:
    hand_in(tmp_path)
    (tmp_path / "in" / "ana" / "01-gethostname" / "main.c").chmod(0)
    ended = grade(tmp_path, UNPRIVILEGED)
    assert (ended.status, ended.err) == (1, "")
    assert "look at ana: 01-gethostname/main.c: Permission denied" in ended.out
    assert "judged 1 of 1" in ended.out


@pytest.mark.parametrize("size", ["16k", "70k", "110k"])
def test_a_full_disk_is_nobodys_failure(tmp_path: Path, size: str) -> None:
    """For the ledger, for the programs, and for what the compiler says: what is solved is never
    told to be wrong. With room, the same command goes on."""
    hand_in(tmp_path, catalog.find("1").solution.read_text())
    for student in ("ana", "bob"):
        program = tmp_path / "in" / student / "01-gethostname" / "main.c"
        program.rename(program.with_suffix(".cpp"))
    shell = FULL % size + '"$@" || echo "first: $?"; mount -o remount,size=1g none out; exec "$@"'
    ended = grade(tmp_path, (*MOUNTS, shell, "sh"))
    assert ended.status == 0
    assert "first: 3" in ended.lines
    assert "No space left on device; make room and run it again" in one_line(ended.err)
    assert "01-gethostname  2" in ended.out
