"""Programs that want a verdict which they have not earned."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from unittest.mock import patch

import pytest

from checker import build
from checker.build import compile_source
from checker.sandbox import ROOT
from checker.tests.command import COLOUR
from checker.tests.programs import KEPT
from checker.tests.redteam.attack import NAME, PROGRAMS, attack, checks, outcomes, source

NOT_THE_NAME = {"prints_name": "failed", "nothing_else": "skipped", "succeeds": "skipped"}
THE_NAME = dict.fromkeys(NAME, "passed")


@pytest.mark.parametrize("name", ["forged_files", "forged_output", "early_exit"])
def test_what_it_claims_is_no_verdict(name: str) -> None:
    result = attack(name)
    assert outcomes(result) == NOT_THE_NAME
    assert (result.outcome, result.points) == ("not done", 0)


def test_an_exit_in_a_constructor_is_told_as_what_it_is() -> None:
    failed = checks(attack("early_exit"))["prints_name"]
    assert failed.got == "nothing on standard output; it exited with status 0"


@pytest.mark.parametrize("name", ["without_observer", "preloads"])
def test_who_plays_with_preloading_is_judged_by_what_it_does(name: str) -> None:
    assert outcomes(attack(name)) == THE_NAME


def test_a_check_that_it_keeps_the_observer_from_gives_no_points() -> None:
    only = frozenset({"prints_name", "failure"})
    [judged] = [attack("without_observer", only=only)]
    assert outcomes(judged) == {"prints_name": "passed", "failure": "skipped"}
    assert judged.points == checks(judged)["prints_name"].points


def test_a_spoilt_ring_changes_no_verdict_and_is_never_the_labs_fault() -> None:
    only = frozenset({"prints_name", "failure"})
    assert outcomes(attack("forged_ring", only=only)) == {
        "prints_name": "failed",
        "failure": "skipped",
    }


def test_a_program_that_cannot_start_has_failed() -> None:
    result = attack("too_big_to_start")
    assert outcomes(result) == NOT_THE_NAME
    assert checks(result)["prints_name"].got.endswith("SIGSEGV)")


def test_a_memory_error_cannot_be_reported_elsewhere() -> None:
    memory = frozenset({"memory"})
    judged = checks(attack("hides_memory_error", only=memory))["memory"]
    assert judged.outcome == "failed"
    assert "stack-buffer-overflow" in judged.got


# What an instructor's terminal and files get of it


COMMANDS = ("::", "##[")
"""How a line begins that a CI service obeys."""


def check(file: Path, tmp_path: Path) -> tuple[str, str]:
    """What `./lab check` prints of a hostile program, and the JSON that it writes."""
    json = tmp_path / "result.json"
    command = [sys.executable, "-m", "checker", "check", "01", "-v"]
    command += ["--source", str(file), "--json", str(json)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    return done.stdout + done.stderr, json.read_text()


def test_no_line_of_its_output_is_one_of_ours(tmp_path: Path) -> None:
    told, json = check(PROGRAMS / "forged_output.cpp", tmp_path)
    for line in (line.strip() for line in io.StringIO(told)):
        assert not line.startswith((*COMMANDS, "<test", "ok 1", "TAP", "{", "Done.", "prints_name"))
    assert '"outcome": "not done"' in json
    assert '"outcome": "done"' not in json


@pytest.mark.parametrize("name", ["main.cpp", "\n::error::owned.cpp", "\n##[error]\x1b[2J.cpp"])
def test_no_line_of_the_compiler_is_a_command(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes((PROGRAMS / "forged_messages.cpp").read_bytes())
    told, json = check(tmp_path / name, tmp_path)
    assert "owned" in told and '"outcome": "does not compile"' in json
    assert not any(line.strip().startswith(COMMANDS) for line in io.StringIO(told))
    assert obeyed(told) == obeyed(json) == set()


def test_no_terminal_obeys_it(tmp_path: Path) -> None:
    told, json = check(PROGRAMS / "terminal_escapes.cpp", tmp_path)
    assert "owned" in told and "owned" in json
    assert obeyed(told) == obeyed(json) == set()


def test_of_what_the_compiler_quotes_a_terminal_obeys_the_compilers_colours_only() -> None:
    with patch.object(build, "CACHE", KEPT):
        said = compile_source(source("terminal_escapes"), "judged", confined=True, colour=True).said
    assert "owned" in said and COLOUR.search(said)
    assert obeyed(re.sub(r"\x1b\[[0-9;]*[mK]", "", said)) == set()


def obeyed(text: str) -> set[str]:
    """Characters that do something else than to be seen."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cf")} - {"\n", "\t"}
