"""A grader that is killed at any moment loses nothing, and another one goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from checker.clock import Deadline
from checker.grading.ledger import FILE, Ledger
from checker.loop import Loop
from checker.tests.command import LAB, SECONDS, environment, lab

KILLS = 20
PROGRAMS = 16
SEED = 20
EVENTS = {"start": 2, "judging": 1, "verdict": 1}
"""After its start, its first judging's or its first record a grader is killed, in the time that at
most so many programs take."""
SOON_JUDGED = ("int main() { return %d; } // it prints no name\n", "int main( { return %d; }\n")


def submissions(folder: Path) -> Path:
    """Programs that are soon judged: they fail at the first check, or do not even compile."""
    for number in range(PROGRAMS):
        task = folder / "in" / f"s{number}" / "01-gethostname"
        task.mkdir(parents=True)
        (task / "main.c").write_text(SOON_JUDGED[number % 2] % number)
    return folder / "in"


def command(folder: Path, out: Path) -> list[str]:
    words = ["grade", folder / "in", "--out", out, "--seed", "1", "--tasks", "1", "--jobs", "2"]
    return [str(word) for word in words]


def until(happened: Callable[[], bool], grader: subprocess.Popen[bytes]) -> None:
    """Waits for that, or for the grader's end."""
    deadline = Deadline(SECONDS)
    Loop().wait(lambda: happened() or grader.poll() is not None, deadline, poll=0.01)


def kill_after(event: str, seconds: float, folder: Path, out: Path) -> None:
    """Starts a grader, and so long after this event kills it with all that belongs to it."""
    left = set(out.glob(".builds-*"))
    grader = subprocess.Popen(
        [LAB, *command(folder, out)],
        stdout=subprocess.DEVNULL,
        env=environment(),
        start_new_session=True,
    )
    if event != "start":
        until(lambda: not set(out.glob(".builds-*")) <= left, grader)
    if event == "verdict":
        before = (out / FILE).stat().st_mtime_ns
        until(lambda: (out / FILE).stat().st_mtime_ns != before, grader)
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
    each = (time.monotonic() - began) / PROGRAMS
    random, out, known = Random(SEED), tmp_path / "killed", [0]
    for number in range(KILLS):
        event = list(EVENTS)[number % len(EVENTS)]
        kill_after(event, random.uniform(0, EVENTS[event] * each), tmp_path, out)
        known.append(attempts(out))
    assert known == sorted(known)
    assert sum(0 < number < PROGRAMS for number in known) >= 3, known
    assert lab(*command(tmp_path, out), at=tmp_path).status == 0
    with Ledger(out, read=True) as killed, Ledger(tmp_path / "whole", read=True) as uninterrupted:
        assert killed.dump() == uninterrupted.dump()
    assert not list(out.glob(".builds-*"))
