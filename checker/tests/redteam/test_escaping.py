"""Programs that want to see, reach or end somebody else."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from checker.sandbox import ROOT
from checker.tests.inside import on_stage
from checker.tests.programs import program
from checker.tests.redteam.attack import NAME, attack, checks, outcomes

THE_NAME = dict.fromkeys(NAME, "passed")
MORE = 30.0
"""Seconds that no test needs."""


@pytest.mark.parametrize("name", ["traces", "kernel_doors", "writes_memory", "daemon"])
def test_nothing_comes_of_it(name: str) -> None:
    assert outcomes(attack(name)) == THE_NAME


def test_who_is_deaf_to_every_signal_is_ended_with_all_others() -> None:
    assert outcomes(attack("deaf", only=frozenset({"prints_name"}))) == {"prints_name": "passed"}


def test_it_sees_no_check_no_solution_and_no_other_submission(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    secret = tmp_path / "main.cpp"
    secret.write_text("another's")
    result = attack("reads_files", SECRET=secret, HOME=Path.home())
    assert outcomes(result) == THE_NAME


def test_it_can_signal_neither_the_prober_nor_who_reports_on_it() -> None:
    assert outcomes(attack("signals_parent", PROBER=os.getpid())) == THE_NAME


def test_who_kills_itself_with_all_others_has_been_killed() -> None:
    judged = checks(attack("kills_everyone"))
    assert judged["prints_name"].outcome == "passed"
    assert judged["succeeds"].got == "it was killed by signal 9 (SIGKILL)"


def test_it_reaches_nobody_outside_its_arena() -> None:
    with (
        socket.create_server(("0.0.0.0", 0)) as outside,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        name = f"redteam-{os.getpid()}"
        abstract.bind(f"\0{name}")
        abstract.listen()
        result = attack("connects_out", PORT=outside.getsockname()[1], ABSTRACT=name)
        outside.setblocking(False)
        abstract.setblocking(False)
        for listener in (outside, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()
    assert outcomes(result) == THE_NAME


# What a program can tell of the checker: SECURITY.md says so

LOOKS = r"""
  for (char** each = environ; *each; ++each) puts(*each);
  const char* folders[] = {"/", "/program", "/etc"};
  for (const char* folder : folders) {
    DIR* opened = opendir(folder);
    while (dirent* entry = readdir(opened)) printf("%s: %s\n", folder, entry->d_name);
  }
"""


def test_what_it_sees_of_the_checker_is_written_down() -> None:
    seen = on_stage(program(LOOKS), lambda scene: scene.start().prints_lines(MORE), "")
    names = {re.split("=|: ", line)[-1 if ": " in line else 0] for line in seen} - {".", ".."}
    names -= {"bin", "sbin", "lib", "lib32", "lib64", "libx32", "usr"}  # the system's
    written = (ROOT / "SECURITY.md").read_text().partition("What a program can tell")[2]
    listed = set(re.findall(r"`/?(?:etc/)?([\w.-]+)`", written.partition("\n## ")[0]))
    assert names == listed
    assert not any(str(ROOT) in line for line in seen)
