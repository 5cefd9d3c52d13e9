"""What a program must give back, and the words for what it has not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checker.checks.tidy import closes_every_socket, frees_every_list
from checker.failure import CheckFailed, CheckSkipped
from checker.scene import Scene
from checker.subject import Subject
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

FINDS = 'addrinfo* list = nullptr; getaddrinfo("127.0.0.1", "80", nullptr, &list);'
SOCKET = "int sock = socket(AF_INET, SOCK_DGRAM, 0);"


def on(main: str, demand: Callable[[Subject], None]) -> None:
    def act(scene: Scene) -> None:
        subject = scene.start()
        subject.exits()
        demand(subject)

    on_stage(program(main), act)


@pytest.mark.parametrize(
    ("main", "demand"),
    [
        (f"{FINDS} freeaddrinfo(list);", frees_every_list),
        (f"{SOCKET} close(sock);", closes_every_socket),
        (f"{SOCKET} socket(-1, 0, 0); close(sock);", closes_every_socket),
    ],
)
def test_who_gives_everything_back_passes(main: str, demand: Callable[[Subject], None]) -> None:
    on(main, demand)


@pytest.mark.parametrize(
    ("main", "demand", "expected", "got"),
    [
        (FINDS, frees_every_list, "1 call of freeaddrinfo", "0 for 1 list: "),
        (
            f"{FINDS} freeaddrinfo(list); {{ {FINDS} }}",
            frees_every_list,
            "2 calls of freeaddrinfo",
            "1 for 2 lists: ",
        ),
        (f"{SOCKET} (void)sock;", closes_every_socket, "1 call of close", "0 for 1 socket: "),
        (
            f'{SOCKET} (void)sock; close(open("/dev/null", O_RDONLY));',
            closes_every_socket,
            "1 call of close",
            "0 for 1 socket: ",
        ),
    ],
)
def test_who_keeps_something_is_told_how_much(
    main: str, demand: Callable[[Subject], None], expected: str, got: str
) -> None:
    with pytest.raises(CheckFailed) as caught:
        on(main, demand)
    assert caught.value.expected == expected
    assert caught.value.got.startswith(got)


@pytest.mark.parametrize(
    ("demand", "why"),
    [
        (frees_every_list, "your program never calls getaddrinfo: there is no list to free"),
        (closes_every_socket, "your program never calls socket: there is none to close"),
    ],
)
def test_who_takes_nothing_is_not_judged(demand: Callable[[Subject], None], why: str) -> None:
    with pytest.raises(CheckSkipped, match=why):
        on("return 0;", demand)
