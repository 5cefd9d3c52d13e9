"""The archive that a student hands in."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from checker import submission
from checker.tests.made import no_room
from checker.workspace import Workspace, WorkspaceError

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    monkeypatch.chdir(tmp_path)
    return made


def pack(place: Workspace, **options: Any) -> str:
    asked: dict[str, Any] = {
        "name": "Ana Sá",
        "student_id": "ist1 99",
        "out": Path("my.tar.gz"),
    } | options
    return submission.pack(place, **asked)


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as opened:
        members = opened.getmembers()
        assert all(member.isreg() for member in members)
        return {
            member.name: file.read() for member in members if (file := opened.extractfile(member))
        }


def test_it_holds_the_sources_and_a_manifest(place: Workspace) -> None:
    (place.folder / "01-one" / "extra.hpp").write_text("// mine\n")
    (place.folder / "01-one" / "notes.txt").write_text("not a source")
    pack(place)
    held = contents(Path("my.tar.gz"))
    assert list(held) == ["manifest.json", "01-one/extra.hpp", "01-one/main.cpp", "02-two/main.cpp"]
    assert held["01-one/extra.hpp"] == b"// mine\n"


def test_the_manifest_tells_who_and_what_and_when(place: Workspace) -> None:
    file = place.folder / "01-one" / "main.cpp"
    os.utime(file, (1_700_000_000, 1_700_000_000))
    pack(place)
    manifest = json.loads(contents(Path("my.tar.gz"))["manifest.json"])
    assert (manifest["schema"], manifest["name"], manifest["id"]) == (
        "loopback/submission@1",
        "Ana Sá",
        "ist1 99",
    )
    assert manifest["files"][0] == {
        "path": "01-one/main.cpp",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "bytes": file.stat().st_size,
        "changed": "2023-11-14T22:13:20+00:00",
    }


def test_the_archive_is_named_for_the_student(place: Workspace) -> None:
    assert pack(place, student_id="a/../b", out=None) == (
        "loopback-a-b.tar.gz: 2 files of 2 tasks, 0 done"
    )
    assert Path("loopback-a-b.tar.gz").exists()


def test_it_can_be_packed_again(place: Workspace) -> None:
    pack(place)
    (place.folder / "01-one" / "main.cpp").write_text("// newer\n")
    pack(place)
    assert contents(Path("my.tar.gz"))["01-one/main.cpp"] == b"// newer\n"


def test_links_are_not_followed(place: Workspace) -> None:
    (place.folder / "01-one" / "secret.cpp").symlink_to("/etc/passwd")
    pack(place)
    assert "01-one/secret.cpp" not in contents(Path("my.tar.gz"))


def test_a_source_is_never_written_over(place: Workspace) -> None:
    file = place.folder / "01-one" / "main.cpp"
    before = file.read_bytes()
    with pytest.raises(WorkspaceError, match="is there already, and no archive"):
        pack(place, out=file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("missing", ["name", "student_id"])
def test_who_hands_in_must_be_known(place: Workspace, missing: str) -> None:
    with pytest.raises(WorkspaceError, match="needs your name and your student id"):
        pack(place, **{missing: "  "})


def test_nothing_to_hand_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="has no source to hand in"):
        pack(Workspace(tmp_path / "empty"))


def test_a_huge_file_is_named(place: Workspace) -> None:
    file = place.folder / "01-one" / "big.hpp"
    file.touch()
    os.truncate(file, submission.MAX_FILE + 1)
    with pytest.raises(WorkspaceError, match=r"big\.hpp is larger than 4 MiB"):
        pack(place)


def test_without_room_the_old_archive_stays_whole(place: Workspace, tmp_path: Path) -> None:
    pack(place)
    before = Path("my.tar.gz").read_bytes()
    with no_room(after=100), pytest.raises(OSError) as caught:
        pack(place)
    assert caught.value.filename == "my.tar.gz"
    assert Path("my.tar.gz").read_bytes() == before
    assert not list(tmp_path.glob(".my*"))
