"""The native part that starts a program and reports on it."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from checker.clock import Deadline
from checker.loop import Loop
from checker.sandbox import LAUNCH
from checker.tests.programs import alive


@contextmanager
def launched(*words: str) -> Iterator[socket.socket]:
    """What it reports on."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(10)
    command = [str(LAUNCH), str(theirs.fileno()), *words]
    with subprocess.Popen(command, pass_fds=[theirs.fileno()]) as process:
        theirs.close()
        with ours:
            yield ours
        assert process.wait(10) == 0


def reports(*words: str, number: int = 2) -> list[str]:
    with launched(*words) as control:
        return [control.recv(100).decode() for _ in range(number)]


def test_a_start_and_an_end_are_reported() -> None:
    assert reports("--", "/bin/sh", "-c", "exit 3") == ["started", f"ended {3 << 8}"]


def test_a_death_by_a_signal_is_reported() -> None:
    assert reports("--", "/bin/sh", "-c", "kill -9 $$") == ["started", "ended 9"]


def test_a_program_that_cannot_be_run_is_reported() -> None:
    assert reports("--", "/nonexistent")[:2] == ["started", "failed 2"]


def test_the_end_of_an_orphan_is_not_the_programs_end() -> None:
    script = "(exit 7) & (sleep 600 &) ; exit 3"
    assert reports("--", "/bin/sh", "-c", script) == ["started", f"ended {3 << 8}"]


def test_when_nobody_listens_any_more_all_that_was_started_ends() -> None:
    word = f"60.{os.getpid()}"
    script = f"setsid sleep {word} & (setsid sleep {word} &); exec sleep {word}"
    with launched("--", "/bin/sh", "-c", script) as control:
        assert control.recv(100) == b"started"
        assert Loop().wait(lambda: len(alive(word)) == 3, Deadline(10), poll=0.01)
    assert alive(word) == []


def test_limits_are_set(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = f"(ulimit -n; ulimit -c) > {said}"
    reports("descriptors=77", "core=0", "--", "/bin/sh", "-c", script)
    assert said.read_text() == "77\n0\n"


@pytest.mark.parametrize(
    "words",
    [[], ["3"], ["3", "--"], ["x", "--", "/bin/true"], ["3", "swap=1", "--", "/bin/true"]],
)
def test_a_wrong_command_line_is_refused(words: list[str]) -> None:
    done = subprocess.run([LAUNCH, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: launch CONTROL_FD")
