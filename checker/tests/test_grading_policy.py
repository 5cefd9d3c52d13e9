"""What a verdict is worth, and what `lab grade` is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalog import UnknownTaskError, tasks
from checker.grading.book import scaled
from checker.grading.filenames import unique_names
from checker.grading.lateness import DAY, late_seconds, parse_due, parse_late
from checker.grading.policy import parse_hidden, parse_tasks, read_weights
from checker.grading.seeds import shard_of, verdict_seed
from checker.source import UnusableSourceError
from checker.tests.command import lab, one_line

HASHES = [f"{number:064x}" for number in (0, 1, 2, 3, 2**255)]


@pytest.mark.parametrize(
    ("policy", "late", "penalty"),
    [
        ("accept", 10 * DAY, 0),
        ("reject", 1, 99),
        ("reject", 0, 0),
        ("10%/day", 0, 0),
        ("10%/day", 1, 9),
        ("10%/day", DAY, 9),
        ("10%/day", DAY + 1, 19),
        ("10%/day", 30 * DAY, 99),
        ("10%/day,max 50%", 30 * DAY, 49),
        ("10%/day, max 50%", 2 * DAY, 19),
    ],
)
def test_what_being_late_costs(policy: str, late: int, penalty: int) -> None:
    assert parse_late(policy).penalty(99, late) == penalty


@pytest.mark.parametrize("text", ["", "10%", "ten%/day", "101%/day", "1%/day,max 200%", "-1%/day"])
def test_no_policy(text: str) -> None:
    with pytest.raises(UnusableSourceError, match="it is accept, reject, 10%/day or"):
        parse_late(text)


def test_a_due_time_is_this_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-3")
    __import__("time").tzset()
    assert parse_due("2026-11-30 23:59") == "2026-11-30T20:59:00+00:00"
    assert parse_due("2026-11-30") == "2026-11-30T20:59:59+00:00"
    assert parse_due("2026-11-30T23:59+00:00") == "2026-11-30T23:59:00+00:00"
    monkeypatch.undo()
    __import__("time").tzset()
    with pytest.raises(UnusableSourceError, match="write it as 2026-11-30 or"):
        parse_due("tomorrow")


def test_late_by_seconds() -> None:
    due = "2026-11-30T12:00:00+00:00"
    assert late_seconds("2026-11-30T12:00:00+00:00", due) == 0
    assert late_seconds("2026-11-30T14:00:01+02:00", due) == 1
    assert late_seconds("", due) == late_seconds("2027-01-01T00:00:00+00:00", "") == 0


@pytest.mark.parametrize(
    ("points", "of", "weight", "worth"),
    [(0, 80, 5, 0), (80, 80, 5, 5), (40, 80, 5, 3), (39, 80, 5, 2), (80, 80, 0, 0), (0, 0, 9, 0)],
)
def test_points_stay_whole(points: int, of: int, weight: int, worth: int) -> None:
    assert scaled(points, of, weight) == worth


def test_a_file_of_weights(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text('[tasks]\n1 = 5\n"tcp-server" = 20\n[craft]\ncount = false\n')
    assert read_weights(file) == ({"01-gethostname": 5, "10-tcp-server": 20}, False)
    for text, trouble in {
        "[tasks]\n99 = 1": "no task is called “99”",
        "[tasks]\n1 = 0.5": "Expected `int`",
        "[tasks]\n1 = -1": "01-gethostname cannot be worth less than nothing",
        "[task]\n1 = 1": "unknown field `task`",
        "1": "Expected .=. after a key",
    }.items():
        file.write_text(text)
        with pytest.raises(UnusableSourceError, match=trouble):
            read_weights(file)


def test_a_list_of_tasks() -> None:
    numbers = [task.number for task in parse_tasks("12,1-3, 10-tcp-server")]
    assert numbers == ["01", "02", "03", "10", "12"]
    with pytest.raises(UnknownTaskError, match="no task is called “99”"):
        parse_tasks("1-99")
    with pytest.raises(UnusableSourceError, match="no task between"):
        parse_tasks("3-1")


def test_a_list_of_hidden_checks() -> None:
    assert parse_hidden("10:listens, memory", tasks()) == ["10-tcp-server:listens", "memory"]
    for text in ("10:prints_name", "nonsense"):
        with pytest.raises(UnusableSourceError, match="no check is called"):
            parse_hidden(text, tasks())


def test_each_verdict_has_a_seed_of_its_own() -> None:
    seeds = {verdict_seed(1, task, source) for task in ("a", "b") for source in HASHES}
    assert len(seeds) == 2 * len(HASHES)
    assert verdict_seed(1, "a", HASHES[0]) == verdict_seed(1, "a", HASHES[0])
    assert verdict_seed(2, "a", HASHES[0]) != verdict_seed(1, "a", HASHES[0])


def test_a_source_is_in_one_shard() -> None:
    assert {shard_of(f"{number:x}".ljust(64, "0"), 4) for number in range(16, 64)} <= {1, 2, 3, 4}
    assert {shard_of(f"{number:016x}".ljust(64, "0"), 4) for number in range(9)} == {1, 2, 3, 4}
    assert {shard_of(source, 1) for source in HASHES} == {1}


def test_names_of_files() -> None:
    assert unique_names(["s1", "S1", "../a b", "CON", "nul.txt", "", "é", ".", "x" * 99]) == [
        *("s1", "S1-2", "a-b", "CON_", "nul.txt_", "student", "student-2", "student-3", "x" * 60),
    ]


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["--shard", "3/2"], "--shard 3/2: write 1/4 for the first of four"),
        (["--late", "reject"], "--late needs --due"),
        (["--shard", "1/2"], "--shard: give all shards the same --seed"),
        (["--tasks", "13"], "no task is called “13”"),
        (["--weights", "none.toml"], "none.toml: No such file or directory"),
    ],
)
def test_what_is_refused(tmp_path: Path, words: list[str], trouble: str) -> None:
    (tmp_path / "in" / "ana" / "01-gethostname").mkdir(parents=True)
    (tmp_path / "in" / "ana" / "01-gethostname" / "main.cpp").write_text("int main() {}\n")
    ended = lab("grade", "in", "--out", "out", *words, at=tmp_path)
    assert ended.status == 2
    assert trouble in one_line(ended.err)


def test_grades_are_not_written_among_the_submissions(tmp_path: Path) -> None:
    ended = lab("grade", ".", "--out", "out", at=tmp_path)
    assert ended.status == 2
    assert "choose a folder outside the submissions" in one_line(ended.err)
