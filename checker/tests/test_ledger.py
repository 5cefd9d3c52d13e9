"""The ledger: what it keeps, what it refuses, and what it says when it cannot."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest

from checker.grading.attempts import Attempt, Key, verdict_of
from checker.grading.gradebook import Student
from checker.grading.handed_in import Submission
from checker.grading.ledger import FILE, Ledger
from checker.grading.refused import LedgerError
from checker.results import Result
from checker.source import Source
from checker.tests.made import made_failure, made_result, no_room

KEY = Key("01-one", "ab" * 32, "1.0.0+1", "g++ 12", 7)
GOOD, BAD = made_result(), made_result(made_failure(), outcome="not done")


def attempt(result: Result, alone: bool = False, started: str = "2026-01-01") -> Attempt:
    return Attempt(result.outcome, verdict_of(result), started, 1.0, alone)


def failed() -> Attempt:
    return Attempt("error", "", "2026-01-02", 0.0, trouble="the prober died")


def ledger(folder: Path, *results: Result) -> Ledger:
    made = Ledger(folder)
    for result in results:
        made.record(KEY, attempt(result), result)
    return made


def test_what_was_recorded_is_there_again(tmp_path: Path) -> None:
    source = Source("01-one", {"main.cpp": b"\xff\0", "a.h": b""}, ("main.cpp",))
    handed_in = Submission(student=Student(id="s1", name="Ana"), sources={"01-one": source})
    with ledger(tmp_path, BAD) as made:
        made.enrol([handed_in])
    with Ledger(tmp_path, read=True) as again:
        assert again.counted(KEY, Result) == BAD
        assert again.source("01-one", source.sha256()) == source
        (enrolled,) = again.enrolled()
    assert enrolled.sources == {"01-one": source.sha256()}
    assert enrolled.submission == msgspec.structs.replace(handed_in, sources={})


def test_an_error_never_takes_the_place_of_a_verdict(tmp_path: Path) -> None:
    with ledger(tmp_path, GOOD) as made:
        made.record(KEY, failed(), None)
        standing = made.standing(KEY)
        assert made.counted(KEY, Result) == GOOD
    assert len(standing.attempts) == 2
    assert standing.settled


def test_only_errors_are_no_verdict(tmp_path: Path) -> None:
    with ledger(tmp_path) as made:
        made.record(KEY, failed(), None)
        assert made.counted(KEY, Result) is None
        assert not made.standing(KEY).settled


def test_verdicts_that_differ_are_unstable_until_one_was_made_alone(tmp_path: Path) -> None:
    with ledger(tmp_path, GOOD, BAD) as made:
        assert made.standing(KEY).unstable
        assert not made.standing(KEY).settled
        made.record(KEY, attempt(GOOD, alone=True), GOOD)
        assert made.standing(KEY).unstable
        assert made.standing(KEY).settled
        assert made.counted(KEY, Result) == GOOD


def test_a_key_with_any_other_part_is_another_verdict(tmp_path: Path) -> None:
    with ledger(tmp_path, GOOD) as made:
        for other in ("task", "source", "checker", "toolchain"):
            changed = Key(**{**vars(KEY), other: "other"})
            assert not made.standing(changed).attempts
        assert not made.standing(Key(**{**vars(KEY), "seed": 8})).attempts


def test_the_dump_has_no_times(tmp_path: Path) -> None:
    late = attempt(GOOD, started="2027-01-01")
    with ledger(tmp_path / "a", GOOD) as one, Ledger(tmp_path / "b") as other:
        other.record(KEY, late, msgspec.structs.replace(GOOD, seconds=9.0))
        assert one.dump() == other.dump()
        other.record(KEY, late, GOOD)
        assert one.dump() != other.dump()


def test_shards_are_taken_over_once(tmp_path: Path) -> None:
    with ledger(tmp_path / "shard", BAD, GOOD):
        pass
    with Ledger(tmp_path / "whole") as whole:
        whole.record(KEY, failed(), None)
        for _ in range(2):
            with Ledger(tmp_path / "shard", read=True) as shard:
                whole.take_over(shard)
        assert [a.outcome for a in whole.standing(KEY).attempts] == ["error", "not done", "done"]
        assert whole.counted(KEY, Result) == GOOD


def test_one_grading_at_a_time(tmp_path: Path) -> None:
    with ledger(tmp_path), pytest.raises(LedgerError, match="is being graded just now"):
        Ledger(tmp_path)


def test_a_damaged_ledger_is_one_line(tmp_path: Path) -> None:
    with ledger(tmp_path, *[BAD] * 20):
        pass
    file = tmp_path / FILE
    content = bytearray(file.read_bytes())
    content[4096:] = b"x" * (len(content) - 4096)
    file.write_bytes(content)
    with pytest.raises(LedgerError, match="the ledger is damaged: restore a copy"):
        Ledger(tmp_path, read=True)
    file.write_text("no database at all, and long enough to be read as the head of one" * 20)
    with pytest.raises(LedgerError, match="the ledger is damaged: restore a copy"):
        Ledger(tmp_path)


def test_a_ledger_of_another_version_or_of_another_program(tmp_path: Path) -> None:
    with ledger(tmp_path):
        pass
    base = sqlite3.connect(tmp_path / FILE)
    base.execute("PRAGMA user_version = 2")
    with pytest.raises(LedgerError, match=r"a newer Loopback made it \(schema 2, not 1\)"):
        Ledger(tmp_path)
    base.execute("PRAGMA application_id = 1")
    with pytest.raises(LedgerError, match="this is no ledger of `lab grade`"):
        Ledger(tmp_path, read=True)
    base.close()


def test_where_nothing_was_graded(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no class was graded there"):
        Ledger(tmp_path, read=True)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with ledger(tmp_path, GOOD) as made:
        size = (tmp_path / FILE).stat().st_size
        big = msgspec.structs.replace(BAD, diagnostics="".join(map(str, range(40_000))))
        with no_room(size), pytest.raises(OSError, match="No space left") as full:
            made.record(KEY, attempt(big), big)
        assert full.value.filename == str(tmp_path / FILE)
        assert made.counted(KEY, Result) == GOOD
    with Ledger(tmp_path) as again:
        assert len(again.standing(KEY).attempts) == 1
