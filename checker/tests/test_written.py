"""Reports that nobody is in any more go, and no other file."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.reports.written import NOTES, Written
from checker.tests.made import no_room


def write(folder: Path, *names: str) -> None:
    written = Written(folder)
    for name in names:
        written.write(folder / name, name)
    written.tidy()


def files(folder: Path) -> set[str]:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return found - {NOTES}


def test_what_is_not_written_again_goes(tmp_path: Path) -> None:
    write(tmp_path, "all.csv", "each/ana.md", "each/bob.md")
    write(tmp_path, "all.csv", "each/bob.md", "each/eve.md")
    assert files(tmp_path) == {"all.csv", "each/bob.md", "each/eve.md"}


def test_a_file_of_somebody_else_stays(tmp_path: Path) -> None:
    write(tmp_path, "each/ana.md")
    for name in ("each/mine.md", "each/.ana.md.swp", "ledger.sqlite", "notes.txt"):
        (tmp_path / name).write_text("mine")
    write(tmp_path, "each/bob.md")
    assert files(tmp_path) == {
        *("each/bob.md", "each/mine.md", "each/.ana.md.swp", "ledger.sqlite", "notes.txt")
    }


def test_what_was_written_before_a_kill_is_known(tmp_path: Path) -> None:
    write(tmp_path, "ana.md")
    killed = Written(tmp_path)
    killed.write(tmp_path / "bob.md", "bob")
    write(tmp_path, "eve.md")
    assert files(tmp_path) == {"eve.md"}


def test_a_full_disk_costs_no_report(tmp_path: Path) -> None:
    write(tmp_path, "ana.md")
    with no_room(), pytest.raises(OSError):
        write(tmp_path, "bob.md")
    assert files(tmp_path) == {"ana.md"}


@pytest.mark.parametrize("line", ["../outside", "/{}/outside", "a/../../outside", "", ".", "each"])
def test_no_line_leads_to_another_file(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "in"
    (folder / "each").mkdir(parents=True)
    (tmp_path / "outside").write_text("mine")
    (folder / NOTES).write_text(line.format(tmp_path) + "\n")
    write(folder, "ana.md")
    assert files(tmp_path) == {"outside", "in/ana.md", f"in/{NOTES}"}


def test_damaged_notes_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / NOTES).write_bytes(b"\0\n\xff\xfe\n" + b"x" * 5000 + b"\nana.md")
    write(tmp_path, "bob.md")
    write(tmp_path, "eve.md")
    assert files(tmp_path) == {"eve.md"}
