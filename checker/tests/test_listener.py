from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from checker.clock import Deadline
from checker.failure import CheckFailed
from checker.loop import Loop
from checker.peers.listener import Listener
from checker.timeline import Timeline

SHORT = 0.05


class World:
    """A listener, and what has become of the program that should call it."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.gone: str | None = None
        self.timeline = Timeline()
        self.loop = Loop()
        self.listener = Listener((address, 0), self.loop, self.timeline, lambda: self.gone)

    def call(self) -> socket.socket:
        return socket.create_connection(self.listener.address(), timeout=10)


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.listener.close()


def test_a_caller_is_taken(world: World) -> None:
    with world.call() as program:
        server = world.listener.accepts()
        program.send(b"Hello")
        server.hears(b"Hello")


def test_a_caller_that_has_gone_by_then_is_taken_too(world: World) -> None:
    world.call().close()
    world.gone = "it exited with status 0"
    world.listener.accepts().hears_end()


def test_nobody_within_the_deadline_is_told(world: World) -> None:
    with pytest.raises(CheckFailed) as caught:
        world.listener.accepts(within=SHORT)
    assert caught.value.expected == "a TCP connection"
    assert caught.value.got == "no connection within 0.1 s"


def test_a_program_that_ends_without_a_call_is_not_waited_for(world: World) -> None:
    world.gone = "it exited with status 1"
    with pytest.raises(CheckFailed) as caught:
        world.listener.accepts(within=3600)
    assert caught.value.got == "it exited with status 1"


def test_a_second_call_is_one_too_many(world: World) -> None:
    with world.call(), world.call():
        world.listener.accepts()
        with pytest.raises(CheckFailed) as caught:
            world.listener.accepts_no_more()
        assert (caught.value.expected, caught.value.got) == ("one connection", "a second one")


def test_one_call_is_not_too_many(world: World) -> None:
    with world.call():
        world.listener.accepts()
        world.listener.accepts_no_more()


def test_each_further_connection_has_a_name_of_its_own(world: World) -> None:
    with world.call(), world.call():
        names = [world.listener.accepts().name for _ in range(2)]
    assert names == ["the server", "the server (connection 2)"]


def test_a_caller_can_be_seen_before_it_is_taken(world: World) -> None:
    assert not world.listener.has_caller()
    with world.call():
        assert world.listener.has_caller()


def test_it_listens_on_ipv6_where_the_address_says_so() -> None:
    world = World("::1")
    with world.call():
        assert world.listener.accepts().here()[0] == "::1"
    world.listener.close()


def test_narrow_connections_fill_up_soon() -> None:
    narrow, wide = World(), World()
    narrow.listener.narrows()
    sent = []
    for world in (narrow, wide):
        with world.call():
            sent.append(world.listener.accepts().fill())
        world.listener.close()
    assert sent[0] < sent[1] / 2


def test_an_echo_comes_back_while_the_check_waits(world: World) -> None:
    echo = world.listener.echoes()
    with world.call() as program:
        program.setblocking(False)
        program.send(b"Hello")
        assert _hear(world, program) == b"Hello"
    assert bytes(echo.heard) == b"Hello"
    assert not echo.waits()


def _hear(world: World, program: socket.socket) -> bytes:
    heard: list[bytes] = []
    world.loop.on_readable(program, lambda: heard.append(program.recv(100)))
    assert world.loop.wait(lambda: bool(heard), Deadline(5))
    world.loop.forget(program)
    return heard[0]
