"""Where a server waits, told from its calls."""

from __future__ import annotations

from collections.abc import Container

import pytest

from checker.checks.idle import ACCEPT, READ, SELECT, waits_in
from checker.failure import CheckFailed, CheckSkipped
from checker.scene import Scene
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

LISTENS = "int listener = listening(argv[1]); (void)listener;"
ACCEPTS = "accept(listener, nullptr, nullptr);"
A_CHILD = "int ends[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, ends); char c; if (fork() == 0)"


def waits(main: str, calls: Container[str], name: str, readers: int = 0) -> None:
    def act(scene: Scene) -> None:
        waits_in(scene, scene.serve("TCP"), calls, name, readers)

    on_stage(program(f"{LISTENS} {main}"), act)


def test_a_server_that_waits_where_it_should_passes() -> None:
    waits(ACCEPTS, ACCEPT, "accept")
    waits(f"{A_CHILD} {{ read(ends[0], &c, 1); }} {ACCEPTS}", ACCEPT, "accept", readers=1)


def test_it_is_told_where_it_waits_instead() -> None:
    with pytest.raises(CheckFailed) as caught:
        waits(ACCEPTS, SELECT, "select")
    assert caught.value.expected == "a program that waits in select"
    assert caught.value.got == "it waits in accept"


def test_it_is_told_where_its_children_wait_instead() -> None:
    with pytest.raises(CheckFailed) as caught:
        waits(f"{A_CHILD} {{ {ACCEPTS} }} {ACCEPTS}", ACCEPT, "accept", readers=1)
    assert caught.value.got == "it waits in accept; of its children, 1 wait in accept"


@pytest.mark.parametrize("pause", ["", "usleep(20'000);"])
def test_a_server_that_looks_again_and_again_does_not_wait(pause: str) -> None:
    looks = "fcntl(listener, F_SETFL, O_NONBLOCK);"
    with pytest.raises(CheckFailed) as caught:
        waits(f"{looks} for (;;) {{ {ACCEPTS} {pause} }}", ACCEPT, "accept")
    assert "call" in caught.value.got


def test_a_server_that_wakes_up_for_a_moment_is_told_how_often() -> None:
    wakes = "timeval often{0, 20'000}; setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &often, 16);"
    with pytest.raises(CheckFailed) as caught:
        waits(f"{wakes} for (;;) {{ {ACCEPTS} }}", ACCEPT, "accept")
    assert caught.value.got.endswith("calls: it wakes up again and again, to find nothing to do")


def test_a_server_that_waits_in_a_call_that_is_not_seen_is_not_judged() -> None:
    with pytest.raises(CheckSkipped, match="a call that the lab does not see"):
        waits("pause();", READ, "read")
