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
from checker.tests.programs import alive, program


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


# What the program finds


LOW = r"""
  int taken = 0;
  while (fcntl(taken, F_GETFD) >= 0) ++taken;
  FILE* said = fopen(argv[1], "w");
  fprintf(said, "%d %d", taken, fileno(said));
"""

ECHOES = r"""
  FILE* said = fopen(argv[1], "w");
  for (int i = 2; i < argc; ++i) fprintf(said, "%s\n", argv[i]);
"""


@pytest.mark.parametrize("taken", [4, 50, 900])
def test_every_descriptor_below_a_number_can_be_taken(tmp_path: Path, taken: int) -> None:
    said = tmp_path / "said"
    reports(f"taken={taken}", "--", str(program(LOW)), str(said))
    assert said.read_text() == f"{taken} {taken}"


def test_without_that_only_the_standard_ones_are_taken(tmp_path: Path) -> None:
    said = tmp_path / "said"
    reports("taken=0", "--", str(program(LOW)), str(said))
    assert said.read_text() == "3 3"


@pytest.mark.parametrize("taken", [4, 50, 900])
def test_a_program_that_cannot_be_run_is_reported_when_descriptors_are_taken(taken: int) -> None:
    assert reports(f"taken={taken}", "--", "/nonexistent") == ["started", "failed 2"]


def test_the_end_is_reported_when_descriptors_are_taken() -> None:
    ended = reports("taken=50", "--", "/bin/sh", "-c", "exit 3")
    assert ended == ["started", f"ended {3 << 8}"]


def test_standard_output_stays_when_descriptors_are_taken(
    capfd: pytest.CaptureFixture[str],
) -> None:
    reports("taken=50", "--", "/bin/echo", "heard")
    assert capfd.readouterr().out == "heard\n"


def test_a_variable_is_set(tmp_path: Path) -> None:
    said = tmp_path / "said"
    script = f'echo "$ONE+$TWO+$HOME" > {said}'
    home = os.environ["HOME"]
    reports("env:ONE=a=b c", "env:TWO=", "--", "/bin/sh", "-c", script)
    assert said.read_text() == f"a=b c++{home}\n"


def test_a_variable_takes_the_place_of_an_inherited_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONE", "inherited")
    said = tmp_path / "said"
    reports("env:ONE=new", "--", "/bin/sh", "-c", f'echo "$ONE" > {said}')
    assert said.read_text() == "new\n"


def test_arguments_that_look_like_options_are_the_programs(tmp_path: Path) -> None:
    said = tmp_path / "said"
    odd = ["taken=3", "env:A=b", "--", "", "two words", "cpu=1", "*", "\udcff"]
    reports("taken=20", "env:A=b", "--", str(program(ECHOES)), str(said), *odd)
    assert said.read_bytes() == os.fsencode("\n".join(odd) + "\n")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["3"],
        ["3", "--"],
        ["x", "--", "/bin/true"],
        ["3", "swap=1", "--", "/bin/true"],
        ["3", "taken=few", "--", "/bin/true"],
        ["3", "env:NAME", "--", "/bin/true"],
    ],
)
def test_a_wrong_command_line_is_refused(words: list[str]) -> None:
    done = subprocess.run([LAUNCH, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: launch CONTROL_FD")
