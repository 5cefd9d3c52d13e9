from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from checker.failure import CheckFailed
from checker.loop import Loop
from checker.peers import datagrams
from checker.peers.datagrams import BIGGEST, Datagrams
from checker.timeline import Timeline

SHORT = 0.05


class World:
    """`peer` is the checker's end, `program` plays the student's; `gone`: what became of it."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.gone: str | None = None
        self.timeline = Timeline()
        self.peer = Datagrams("the server", (address, 0), Loop(), self.timeline, lambda: self.gone)
        self.program = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.program.bind(("127.0.0.1", 0))
        self.program.settimeout(10)

    def send(self, data: bytes, to: str = "127.0.0.1") -> None:
        self.program.sendto(data, (to, self.peer.address()[1]))


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.peer.close()
    made.program.close()


def failure(act: object, *arguments: object, **named: object) -> tuple[str, str]:
    assert callable(act)
    with pytest.raises(CheckFailed) as caught:
        act(*arguments, **named)
    return caught.value.expected, caught.value.got


def test_a_datagram_comes_with_its_sender(world: World) -> None:
    world.send(b"Hello")
    assert world.peer.hears(b"Hello") == (b"Hello", world.program.getsockname())


@pytest.mark.parametrize("size", [0, 1, BIGGEST])
def test_a_datagram_of_any_size_is_one(world: World, size: int) -> None:
    world.send(b"x" * size)
    world.peer.hears(b"x" * size)


def test_any_datagram_will_do_where_none_is_named(world: World) -> None:
    world.send(b"anything")
    assert world.peer.hears()[0] == b"anything"


def test_a_wrong_datagram_is_shown_at_its_first_difference(world: World) -> None:
    world.send(b"Hello\0")
    assert failure(world.peer.hears, b"Hello")[1].endswith("more than expected, from byte 5 on")


def test_no_datagram_is_told(world: World) -> None:
    assert failure(world.peer.hears, b"Hello", within=SHORT) == (
        'a datagram of 5 bytes, "Hello"',
        "no datagram within 0.1 s",
    )


def test_a_program_that_ends_without_a_datagram_is_not_waited_for(world: World) -> None:
    world.gone = "it exited with status 0"
    assert failure(world.peer.hears, within=3600) == (
        "a datagram",
        "no datagram: it exited with status 0",
    )


def test_what_was_sent_before_the_program_ended_is_heard(world: World) -> None:
    world.send(b"farewell")
    world.gone = "it exited with status 0"
    world.peer.hears(b"farewell")


def test_a_further_datagram_is_one_too_many(world: World) -> None:
    world.send(b"one")
    world.send(b"two")
    world.peer.hears(b"one")
    assert failure(world.peer.hears_no_more) == (
        "no further datagram",
        'another one of 3 bytes, "two"',
    )


def test_one_datagram_is_not_too_many(world: World) -> None:
    world.send(b"one")
    world.peer.hears(b"one")
    world.peer.hears_no_more()


def test_mail_can_be_seen_before_it_is_heard(world: World) -> None:
    assert not world.peer.has_mail()
    world.send(b"")
    assert world.peer.has_mail()


def test_what_is_said_arrives_as_one_datagram(world: World) -> None:
    world.peer.says(b"a\0b", world.program.getsockname())
    assert world.program.recv(100) == b"a\0b"


def test_an_answer_leaves_from_the_address_that_was_asked() -> None:
    world = World("0.0.0.0")
    world.send(b"?", to="127.0.0.9")
    _, sender = world.peer.hears(b"?")
    world.peer.says(b"!", sender)
    assert world.program.recvfrom(10) == (b"!", ("127.0.0.9", world.peer.address()[1]))
    world.peer.close()
    world.program.close()


def test_many_equal_datagrams_are_counted(world: World) -> None:
    for _ in range(3):
        world.send(b"x")
    world.peer.hears_count(3, b"x")


def test_too_few_datagrams_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datagrams, "REPLY", SHORT)
    world.send(b"x")
    assert failure(world.peer.hears_count, 3, b"x") == ("3 datagrams", "1, then silence")


def test_a_different_one_among_many_is_told(world: World) -> None:
    world.send(b"x")
    world.send(b"y")
    assert "first difference" in failure(world.peer.hears_count, 2, b"x")[1]
