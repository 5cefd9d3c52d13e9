"""Recordings: kept, shown, and noticed when they are stale."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import catalog
from checker.failure import CheckerError
from checker.guide import studio
from checker.guide.recording import NoRecordingError, Wanted, digest, kernel
from checker.guide.script import Line, written
from checker.guide.variants import Variant
from checker.tests.guide.book import Book, make

PAGE = "```{{transcript}} hello\n$ {command}\n```\n"


def page(folder: Path, command: str, builder: str = "html") -> Book:
    return make(folder, PAGE.format(command=command), builder)


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small guide, whose transcript has been recorded."""
    monkeypatch.setattr(studio, "transcript", lambda *_: "$ echo hi\n| hi & <bye>\n")
    assert page(tmp_path, "echo hi", "recordings").warnings == []
    return tmp_path


def test_what_was_recorded_is_shown_with_its_kernel(recorded: Path) -> None:
    book = page(recorded, "echo hi")
    assert book.warnings == []
    assert '<span class="typed">echo hi</span>' in book.page("10-tcp-server")
    assert '<span class="appeared">hi &amp; &lt;bye&gt;</span>' in book.page("10-tcp-server")
    assert f"Seen on {kernel()}" in book.page("10-tcp-server")


def test_a_recording_of_another_script_is_stale(recorded: Path) -> None:
    told = page(recorded, "echo ho").complaint()
    assert "transcript hello: stale" in told and "`make guide-transcripts`" in told


def test_a_recording_of_another_program_is_stale(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = recorded / "main.cpp"
    other.write_text("int main() {}\n")
    monkeypatch.setattr(Variant, "files", lambda _: [other])
    assert "transcript hello: stale" in page(recorded, "echo hi").complaint()


def test_what_is_up_to_date_is_not_recorded_again(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "transcript", lambda *_: pytest.fail("recorded again"))
    assert page(recorded, "echo hi", "recordings").warnings == []


def test_a_copy_without_solutions_shows_what_it_has(
    recorded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "SOLUTIONS", recorded / "none")
    assert page(recorded, "echo hi").warnings == []


def test_a_file_that_is_no_recording_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "other.txt"
    file.write_text("$ echo hi\n")
    with pytest.raises(NoRecordingError, match="is no recording"):
        Wanted(file, "", lambda: "").read()


def test_where_a_part_ends_counts() -> None:
    assert digest(["ab", "c"]) != digest(["a", "bc"])


def test_recordings_that_no_page_shows_any_more_are_removed(recorded: Path) -> None:
    kept = recorded / "source" / "transcripts" / "10-tcp-server"
    (kept / "old.txt").write_text("made from abc on Linux 6.1\n")
    assert page(recorded, "echo hi", "recordings").warnings == []
    assert [file.name for file in kept.iterdir()] == ["hello.txt"]


def test_what_cannot_be_recorded_is_named_and_the_rest_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def transcript(_: object, typed: list[Line]) -> str:
        if typed[0].text == "bad":
            raise CheckerError("it does not end")
        return written(typed)

    monkeypatch.setattr(studio, "transcript", transcript)
    two = "```{transcript} a\n$ bad\n```\n\n```{transcript} b\n$ good\n```\n"
    told = make(tmp_path, two, "recordings").complaint()
    assert "10-tcp-server/a.txt: it does not end" in told
    assert [file.name for file in tmp_path.glob("source/transcripts/*/*")] == ["b.txt"]
