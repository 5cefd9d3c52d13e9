from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.source import MAX_BYTES, Source, UnusableSourceError, read_files, read_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where we are, with a program in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "main.cpp").write_text("int main() {}\n")
    return tmp_path


def trouble(folder: Path) -> str:
    with pytest.raises(UnusableSourceError) as caught:
        read_folder("program", folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_folders_sources_and_headers_are_read(folder: Path) -> None:
    for name in ("b.cc", "c.cxx", "d.c", "e.h", "f.hpp", "notes.txt", "main.o", "Makefile"):
        (folder / name).write_text(name)
    read = read_folder("program", folder)
    assert read.units == ("b.cc", "c.cxx", "d.c", "main.cpp")
    assert set(read.files) == {*read.units, "e.h", "f.hpp"}
    assert read.files["e.h"] == b"e.h"


def test_only_the_named_files_are_compiled_and_the_headers_beside_them_seen(folder: Path) -> None:
    (folder / "other.cpp").write_text("other")
    (folder / "a.h").write_text("a")
    read = read_files("program", [folder / "main.cpp"])
    assert read.units == ("main.cpp",)
    assert set(read.files) == {"main.cpp", "a.h"}


def test_a_later_change_does_not_change_what_was_read(folder: Path) -> None:
    read = read_folder("program", folder)
    before = read.sha256()
    (folder / "main.cpp").write_text("something else")
    assert read.files["main.cpp"] == b"int main() {}\n"
    assert read.sha256() == before != read_folder("program", folder).sha256()


@pytest.mark.parametrize("lock", [".#main.cpp", ".main.cpp", "._main.h"])
def test_an_editors_hidden_files_are_no_sources(folder: Path, lock: str) -> None:
    (folder / lock).symlink_to("student@host.1234:5678")
    assert read_folder("program", folder).units == ("main.cpp",)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert trouble(tmp_path).endswith(f"{tmp_path.name}: no .cpp file in it")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert trouble(tmp_path / "no").endswith("/no: No such file or directory")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableSourceError, match=r"no\.cpp: No such file or directory"):
        read_files("program", [tmp_path / "no.cpp"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told(folder: Path) -> None:
    (folder / "main.cpp").chmod(0)
    assert trouble(folder).endswith("main.cpp: Permission denied")


def test_a_file_that_is_too_large_is_told(folder: Path) -> None:
    os.truncate(folder / "main.cpp", MAX_BYTES + 1)
    assert trouble(folder) == "main.cpp: larger than 4 MiB"


@pytest.mark.parametrize("name", ["pipe.cpp", "pipe.h"])
def test_a_pipe_is_not_waited_for(folder: Path, name: str) -> None:
    os.mkfifo(folder / name)
    assert trouble(folder) == f"{name}: not a file"


def test_a_folder_that_is_called_like_a_source_is_told(folder: Path) -> None:
    (folder / "x.cpp").mkdir()
    assert trouble(folder).endswith("x.cpp: not a file")


def test_a_link_to_a_device_is_not_read(folder: Path) -> None:
    (folder / "x.h").symlink_to("/dev/zero")
    assert trouble(folder).endswith("x.h: not a file")


def test_files_elsewhere_are_named_by_their_whole_path(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    (name,) = read_folder("program", folder).units
    assert name == str(folder.resolve() / "main.cpp").lstrip("/")


def test_bytes_that_are_no_text_are_kept(folder: Path) -> None:
    (folder / "main.cpp").write_bytes(b"\xff\0\r\n")
    assert read_folder("program", folder).files["main.cpp"] == b"\xff\0\r\n"


def test_writing_makes_the_same_files_again(folder: Path, tmp_path: Path) -> None:
    (folder / "a.h").write_text("a")
    read = read_folder("program", folder)
    read.write_to(tmp_path / "copy")
    os.chdir(tmp_path / "copy")
    assert read_folder("program", tmp_path / "copy") == read


def test_the_hash_depends_on_names_and_contents_and_on_nothing_else() -> None:
    one = Source("a", {"x/main.cpp": b"1", "x/a.h": b"2"}, ("x/main.cpp",))
    moved = Source("b", {"y/main.cpp": b"1", "y/a.h": b"2"}, ("y/main.cpp",))
    renamed = Source("a", {"x/main.cpp": b"1", "x/b.h": b"2"}, ("x/main.cpp",))
    shifted = Source("a", {"x/main.cpp": b"1a.h", "x/a.h": b""}, ("x/main.cpp",))
    assert one.sha256() == moved.sha256()
    assert len({one.sha256(), renamed.sha256(), shifted.sha256()}) == 3
