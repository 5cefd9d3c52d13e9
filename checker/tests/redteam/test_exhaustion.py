"""Programs that want everything there is, or for ever."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

from checker import build
from checker.results import CheckResult
from checker.tests.judging import by_id, judge
from checker.tests.programs import KEPT
from checker.tests.redteam.attack import ECHO, NAME, attack, checks, outcomes, source

THE_NAME = dict.fromkeys(NAME, "passed")


@pytest.mark.parametrize(
    "name", ["fork_bomb", "thread_bomb", "memory_alone", "disk", "descriptors"]
)
def test_it_comes_up_against_its_limit_and_is_judged_by_what_it_does(name: str) -> None:
    assert outcomes(attack(name)) == THE_NAME


@pytest.mark.parametrize("name", ["memory_together", "memory_shared"])
def test_memory_counts_together(name: str) -> None:
    failed = checks(attack(name, only=frozenset({"succeeds"})))["succeeds"]
    assert failed.outcome == "failed"
    assert failed.got == "it was stopped, having used more than 1,024 MiB of memory"


def test_files_count_too() -> None:
    judged = checks(attack("inodes"))
    assert judged["prints_name"].outcome == "passed"
    assert judged["succeeds"].got == "it was stopped, having made more than 4,096 files"


def test_output_without_end_is_cut_off() -> None:
    judged = checks(attack("output"))
    assert judged["prints_name"].outcome == "passed"
    assert judged["succeeds"].got == "it was stopped, having printed 1,048,576 bytes"


def test_a_reply_without_end_is_a_wrong_reply() -> None:
    assert outcomes(attack("endless_reply", "10", ECHO)) == {
        "listens": "passed",
        "echoes": "failed",
    }


# What needs checks of its own

CHECKS = """
schedule.CHECK_SECONDS = 1.5

@check("core", "is answered in the end", why="w")
def test_answered(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    client.says(b"a line of bytes")
    client.hears(b"a line of bytes")

@check("core", "hears until the end", why="w")
def test_ends(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    client.says(b"Hello")
    client.hears_all()

@check("core", "is connected to", why="w")
def test_connected(scene: Scene) -> None:
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    scene.start(port=port)
    client = listener.accepts()
    scene.loop.wait(client.has_mail, Deadline(MORE))
    client.address()

@check("core", "leaves a TCP port to the lab", why="w")
def test_tcp_port(scene: Scene) -> None:
    host, port = scene.host(), scene.port()
    scene.start(port=port).prints(b"ready", MORE)
    scene.listener(host, port)

@check("core", "leaves a UDP port to the lab", why="w")
def test_udp_port(scene: Scene) -> None:
    host, port = scene.host(), scene.port()
    scene.start(port=port).prints(b"ready", MORE)
    scene.datagrams("the server", host, port)
"""

FINDS = """
@check("core", "finds a name", why="w")
def test_finds(scene: Scene) -> None:
    scene.host()
    scene.start().prints(b"found", MORE)
"""


def judged(folder: Path, name: str, *only: str, given: str = CHECKS) -> dict[str, CheckResult]:
    with patch.multiple(build, CACHE=KEPT, KEPT_BUILDS=1000):
        result = judge(
            folder, given, None, source=source(name), only=frozenset(only), diagnose=False
        ).result
    return by_id(result)


def test_a_drip_that_outlasts_every_deadline_is_ended_with_its_check(tmp_path: Path) -> None:
    dripped = judged(tmp_path, "slow_drip", "answered")["answered"]
    assert (dripped.outcome, dripped.got) == ("failed", "it was still going on")


def test_who_sends_for_ever_to_a_client_that_reads_to_the_end_has_failed(tmp_path: Path) -> None:
    sent = judged(tmp_path, "endless_reply", "ends")["ends"]
    assert sent.outcome == "failed"
    assert sent.got in ("more, and still no end", "it was still going on")


def test_a_connection_that_it_resets_at_once_is_its_failure(tmp_path: Path) -> None:
    reset = judged(tmp_path, "resets", "connected")["connected"]
    assert reset.outcome == "failed"
    assert reset.got.startswith("Transport endpoint is not connected; it ")


@pytest.mark.parametrize("name", ["tcp_port", "udp_port"])
def test_a_port_that_it_squats_on_is_its_failure(tmp_path: Path, name: str) -> None:
    squatted = judged(tmp_path, "squats", name)[name]
    assert (squatted.outcome, squatted.got) == (
        "failed",
        "Address already in use; it still runs",
    )


def test_a_name_server_that_it_pesters_goes_on(tmp_path: Path) -> None:
    found = judged(tmp_path, "pesters_names", "finds", given=FINDS)["finds"]
    assert (found.outcome, found.reason) == ("passed", "")
