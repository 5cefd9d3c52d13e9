"""Programs as textbooks print them, with everything compiled in and `exit(1)` on any error: the
core behaviours that they have are credited."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
import pytest

from checker.results import Result
from checker.tests.command import lab

DATA = Path(__file__).parent / "data"

pytestmark = pytest.mark.usefixtures("private_arena")


def judge(task: str, *options: str | Path, at: Path) -> tuple[int, Result]:
    """A program without arguments; the exit status and the result."""
    file = at / "result.json"
    ended = lab("check", task, *options, "--args", "", "--json", file, at=at)
    return ended.status, msgspec.json.decode(file.read_bytes(), type=Result)


def core(result: Result, outcome: str) -> dict[str, str]:
    """The core checks with that outcome, and why."""
    checks = [check for check in result.checks if check.level == "core"]
    return {c.id: c.reason or c.got for c in checks if c.outcome == outcome}


def test_a_server_with_its_port_compiled_in_passes_every_core_check(tmp_path: Path) -> None:
    status, result = judge("10", "--source", DATA / "textbook_tcp_server.c", at=tmp_path)
    assert (core(result, "failed"), core(result, "skipped")) == ({}, {})
    assert (status, result.outcome) == (0, "done")


def test_a_ready_binary_misses_only_what_needs_its_source(tmp_path: Path) -> None:
    binary = tmp_path / "server"
    subprocess.run(["gcc", DATA / "textbook_tcp_server.c", "-o", binary], check=True)
    status, result = judge("10", "--program", binary, at=tmp_path)
    assert core(result, "failed") == {}
    assert core(result, "skipped") == {
        "memory": "needs the program's source, to build it with sanitisers"
    }
    assert (status, result.outcome) == (0, "done")


@pytest.mark.parametrize(
    ("task", "source"),
    [("04-udp-recvfrom", "textbook_udp_client.c"), ("07-tcp-write-read", "textbook_tcp_client.c")],
)
def test_a_client_with_its_host_compiled_in_is_done(tmp_path: Path, task: str, source: str) -> None:
    """What needs another host or message is skipped, and says so."""
    status, result = judge(task, "--source", DATA / source, at=tmp_path)
    assert core(result, "failed") == {}
    allowed = ("the program takes no ", "needs “")
    assert all(why.startswith(allowed) for why in core(result, "skipped").values())
    assert len(core(result, "passed")) > len(core(result, "skipped"))
    assert (status, result.outcome) == (0, "done")
