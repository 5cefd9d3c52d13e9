"""A class graded by a real Slurm, one of whose jobs is lost on the way: `make test-cluster`."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.clock import Deadline
from checker.grading.book import gradebook
from checker.grading.course import course_of
from checker.grading.gradebook import Gradebook
from checker.grading.ledger import Ledger
from checker.grading.policy import parse_tasks
from checker.loop import Loop
from checker.tests import classroom
from checker.tests.command import lab
from checker.tests.quoting import HOSTILE

STUDENTS, TASKS, SHARDS, SEED = 12, "1-3", 3, 4
SECONDS = 600
"""The class takes a tenth of it."""


@pytest.fixture
def conf() -> str:
    """The file that leads Slurm's commands to the cluster."""
    assert "SLURM_NODE_FOLDER" in os.environ, "run `make test-cluster`"
    return os.environ["SLURM_CONF"]


def until(condition: Callable[[], bool], what: str) -> None:
    """Slurm and other processes' files call nobody back, so they are asked again and again."""
    assert Loop().wait(condition, Deadline(SECONDS), poll=0.01), f"{what}: not after {SECONDS} s"


def slurm(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout


def cancel_in_the_midst(job: str, shard: Path) -> None:
    """When one source is judged, and the next one is being judged: `--jobs 1` has one at a time."""
    judged: set[str] = set()

    def second_has_begun() -> bool:
        assert slurm("squeue", "--noheader", "--jobs", job), f"job {job} is over already"
        judged.update(place.name for place in shard.glob(".builds-*/*/*"))
        return len(judged) >= 2

    until(second_has_begun, "a second judging")
    slurm("scancel", job)


def book_of(out: Path) -> Gradebook:
    with Ledger(out, read=True) as ledger:
        return gradebook(ledger, course_of(ledger))


@pytest.mark.usefixtures("private_arena")
def test_a_lost_shard_is_graded_again_and_every_grade_is_right(tmp_path: Path, conf: str) -> None:
    place = tmp_path / HOSTILE
    pupils = classroom.invent(STUDENTS, tasks := parse_tasks(TASKS), SEED)
    classroom.hand_in(pupils, place / "in")
    classroom.roster(pupils, place / "roster.csv")
    began = time.monotonic()
    ended = lab(
        *("grade", "slurm", "in", "--out", "out", "--nodes", str(SHARDS), "--submit"),
        *("--tasks", TASKS, "--roster", "roster.csv", "--jobs", "1"),
        at=place,
        SLURM_CONF=conf,
    )
    assert (ended.status, ended.err) == (0, "")
    array, _ = re.findall(r"\d+", ended.lines[-1])[:2]
    cancel_in_the_midst(f"{array}_1", place / "out" / "shards" / "1")
    until(lambda: not slurm("squeue", "--noheader"), "the end of all jobs")
    seconds = time.monotonic() - began

    logs = {log.name: log.read_text() for log in (place / "out" / "slurm").glob("*.log")}
    assert sorted(logs) == ["merge.log", "shard-1.log", "shard-2.log", "shard-3.log"]
    assert "Round 1: submits once more what was lost: 1\n" in logs["merge.log"]
    assert "CANCELLED" in logs["shard-1.log"]
    left = re.findall(r"judged (\d+) of \1 ", logs["shard-1.log"])
    book = book_of(place / "out")
    shard = place / "out" / "shards" / "1"
    with Ledger(shard, read=True) as ledger:
        attempts = sum(len(standing.attempts) for standing in ledger.standings().values())
    assert 0 < int(left[0]) < attempts  # it went on where it was stopped
    assert classroom.complaints(pupils, book) == []
    assert (place / "out" / "grades.csv").exists()
    assert not list(tmp_path.rglob("pwned"))
    print(f"\n{STUDENTS} students · {len(tasks)} tasks · {SHARDS} shards · {seconds:.0f} s")
