"""A grader that is killed at any moment loses nothing, and another one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from random import Random

import pytest

from checker.grading.ledger import FILE, Ledger
from checker.tests.command import LAB, environment, lab

KILLS = 20
PROGRAMS = 12
SEED = 20
RETURNS = "int main() { return %d; } // it prints no name\n"


def submissions(folder: Path) -> Path:
    """Programs that are soon judged: they fail at the first check."""
    for number in range(PROGRAMS):
        task = folder / "in" / f"s{number}" / "01-gethostname"
        task.mkdir(parents=True)
        (task / "main.c").write_text(RETURNS % number)
    return folder / "in"


def command(folder: Path, out: Path) -> list[str]:
    words = ["grade", folder / "in", "--out", out, "--seed", "1", "--tasks", "1"]
    return [str(word) for word in words]


def kill_after(seconds: float, folder: Path, out: Path) -> None:
    """Starts a grader, and kills it with all that belongs to it."""
    grader = subprocess.Popen(
        [LAB, *command(folder, out)],
        stdout=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    try:
        grader.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(grader.pid, signal.SIGKILL)
        grader.wait()


def attempts(out: Path) -> int:
    if not (out / FILE).exists():
        return 0
    with Ledger(out) as ledger:
        return sum(len(standing.attempts) for standing in ledger.standings().values())


@pytest.mark.usefixtures("private_arena")
def test_twenty_kills_leave_the_ledger_that_none_would_have_left(tmp_path: Path) -> None:
    submissions(tmp_path)
    began = time.monotonic()
    assert lab(*command(tmp_path, tmp_path / "whole"), at=tmp_path).status == 0
    whole = time.monotonic() - began
    random, out, known = Random(SEED), tmp_path / "killed", 0
    for _ in range(KILLS):
        kill_after(random.uniform(0, whole / 2), tmp_path, out)
        assert attempts(out) >= known
        known = attempts(out)
        print(known, round(time.monotonic() - began, 2))
    assert lab(*command(tmp_path, out), at=tmp_path).status == 0
    with Ledger(out, read=True) as killed, Ledger(tmp_path / "whole", read=True) as uninterrupted:
        assert killed.dump() == uninterrupted.dump()
    assert not list(out.glob(".builds-*"))
