"""What is seen from outside of servers with many clients: non-blocking listeners, and vfork."""

from __future__ import annotations

import pytest

from checker.checks.busy import listener_waits
from checker.checks.children import borrow_memory
from checker.scene import Scene
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

LISTENS = "int listener = listening(argv[1]);"
ACCEPTS = "accept(listener, nullptr, nullptr);"


@pytest.mark.parametrize(
    ("before", "waits"),
    [
        ("", True),
        ("listener = dup(listener);", True),
        ("fcntl(listener, F_SETFL, O_NONBLOCK);", False),
        ("fcntl(dup(listener), F_SETFL, O_NONBLOCK);", False),
    ],
)
def test_whether_accept_waits_is_a_flag_of_the_listener(before: str, waits: bool) -> None:
    def act(scene: Scene) -> bool:
        server = scene.serve("TCP")
        server.program.must_soon(
            lambda: bool(server.program.recording().calls("accept")), "an accept", str
        )
        return listener_waits(server)

    assert on_stage(program(f"{LISTENS} {before} {ACCEPTS} pause();"), act) is waits


@pytest.mark.parametrize(
    ("child", "borrows"),
    [
        ("if (fork() == 0) _exit(0);", False),
        ("if (vfork() == 0) _exit(0);", True),
        ('if (vfork() == 0) { execl("/nowhere", "nowhere", nullptr); _exit(0); }', False),
    ],
)
def test_only_a_vfork_that_starts_no_program_borrows_memory(child: str, borrows: bool) -> None:
    def act(scene: Scene) -> bool:
        server = scene.serve("TCP")
        server.program.must_soon(
            lambda: bool(server.program.recording().calls("_exit")), "a child's end", str
        )
        return borrow_memory(server)

    assert on_stage(program(f"{LISTENS} {child} {ACCEPTS}"), act) is borrows
