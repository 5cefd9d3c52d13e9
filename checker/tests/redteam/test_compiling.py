"""Sources that attack whoever compiles them."""

from __future__ import annotations

import socket
import subprocess
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from checker import build
from checker.compiler import Compilers
from checker.results import Result
from checker.sandbox import COMPILER_LIMITS
from checker.tests.redteam.attack import attack, checks, outcomes

SECRET = "ipsum-of-another-student"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Another one's submission, readable for everybody."""
    tmp_path.chmod(0o755)
    file = tmp_path / "main.cpp"
    file.write_text(f"{SECRET}\n")
    return file


def test_the_compiler_sees_no_check_no_solution_and_no_other_submission(secret: Path) -> None:
    result = attack("reads_by_compiler", SECRET=secret, BESIDE="../other/main.cpp")
    assert set(outcomes(result).values()) == {"passed"}


@pytest.mark.parametrize("name", ["includes_secret", "assembles_secret"])
def test_no_file_of_others_gets_into_a_message_or_a_program(name: str, secret: Path) -> None:
    result = attack(name, SECRET=secret)
    assert result.outcome == "does not compile"
    assert SECRET not in result.diagnostics
    assert str(secret) in result.diagnostics


def bomb(name: str) -> Result:
    """What comes of it within smaller limits than the real ones, so that it does not take long."""
    limits = replace(COMPILER_LIMITS, cpu=2, memory=COMPILER_LIMITS.memory // 4)
    with patch.multiple(build, COMPILER_LIMITS=limits):
        return attack(name)


@pytest.mark.parametrize(
    "name", ["bomb_templates", "bomb_macros", "bomb_include", "bomb_array", "bomb_device"]
)
def test_a_compiler_bomb_does_not_compile_and_harms_nobody(name: str) -> None:
    result = bomb(name)
    assert (result.outcome, result.points) == ("does not compile", 0)
    assert checks(result) == {}
    assert result.diagnostics


def taken_over(place: Path, *command: str) -> tuple[str, str]:
    """No source makes the compiler connect, or ask the kernel for anything odd: this command stands
    for a compiler that has been taken over. How it ended, and what it said."""
    (place / "source").mkdir()
    return Compilers().run_in(place, list(command), COMPILER_LIMITS, confined=True)


def test_a_compiler_has_no_network(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connect = f"exec 3<>/dev/tcp/127.0.0.1/{listener.getsockname()[1]}"
        ending, said = taken_over(tmp_path, "/usr/bin/bash", "-c", connect)
        assert subprocess.run(["bash", "-c", connect], check=False).returncode == 0
    assert ending == "failed"
    assert "Connection refused" in said


def test_a_compiler_is_behind_the_same_filter(tmp_path: Path) -> None:
    ended = taken_over(tmp_path, "/usr/bin/unshare", "--user", "true")
    assert ended == ("failed", "unshare: unshare failed: Operation not permitted\n")
