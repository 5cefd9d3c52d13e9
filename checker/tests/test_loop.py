from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from checker import loop as loop_module
from checker.clock import Deadline
from checker.loop import Loop

SHORT = 0.02


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_what_is_done_already_is_not_waited_for() -> None:
    assert Loop().wait(lambda: True, Deadline(0))


def test_waiting_ends_at_the_deadline() -> None:
    start = time.monotonic()
    assert not Loop().wait(lambda: False, Deadline(SHORT))
    assert time.monotonic() - start >= SHORT


def test_when_the_whole_machine_stands_still_there_is_time_left_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0

    class StandsStillOnce(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> list[Any]:
            nonlocal now
            assert timeout is not None
            now += timeout if now else 5.0
            return []

    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(selectors, "DefaultSelector", StandsStillOnce)
    assert Loop().wait(lambda: now > 6.0, Deadline(3.0))


def test_everything_that_is_registered_is_served_while_one_thing_is_awaited(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    read, write = os.pipe()
    loop, heard = Loop(), list[bytes]()
    loop.on_readable(read, lambda: heard.append(os.read(read, 10)))
    os.write(write, b"pipe")
    theirs.send(b"socket")
    came: list[bytes] = []
    with loop.serving(ours, selectors.EVENT_READ, lambda: came.append(ours.recv(10))):
        assert loop.wait(lambda: bool(came and heard), Deadline(5))
    assert (came, heard) == ([b"socket"], [b"pipe"])
    os.close(read)
    os.close(write)


def test_what_came_before_the_deadline_is_served_although_it_has_passed(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    loop, came = Loop(), list[bytes]()
    theirs.send(b"abc")
    with loop.serving(ours, selectors.EVENT_READ, lambda: came.append(ours.recv(1))):
        assert loop.wait(lambda: len(came) == 3, Deadline(-0.01))


def test_a_source_that_is_always_ready_cannot_keep_us_past_the_deadline(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop_module, "OVERTIME", SHORT)
    ours, theirs = pair
    theirs.send(b"never read")
    loop = Loop()
    with loop.serving(ours, selectors.EVENT_READ, lambda: None):
        assert not loop.wait(lambda: False, Deadline(SHORT))


def test_a_condition_that_no_descriptor_announces_is_looked_at_again() -> None:
    looks = iter([False, False, False, True])
    assert Loop().wait(lambda: next(looks), Deadline(5), poll=0.001)


def test_a_condition_is_looked_at_ever_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    now, looks = 0.0, list[float]()

    class Sleeps(selectors.DefaultSelector):
        def select(self, timeout: float | None = None) -> list[Any]:
            nonlocal now
            now += timeout or 0.0
            return []

    def look() -> bool:
        looks.append(now)
        return False

    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setattr(selectors, "DefaultSelector", Sleeps)
    Loop().wait(look, Deadline(3.0), poll=0.002)
    for before, after in pairwise(looks):
        assert after - before <= max(0.002, 0.1 * before) + 1e-6
    assert 50 < len(looks) < 100


def test_after_serving_a_source_is_forgotten(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    loop, came = Loop(), list[bytes]()
    with (
        pytest.raises(ZeroDivisionError),
        loop.serving(ours, selectors.EVENT_READ, lambda: came.append(ours.recv(1))),
    ):
        raise ZeroDivisionError
    theirs.send(b"x")
    assert not loop.wait(lambda: bool(came), Deadline(0))
    with loop.serving(ours, selectors.EVENT_READ, lambda: came.append(ours.recv(1))):
        assert loop.wait(lambda: bool(came), Deadline(5))


def test_the_error_of_a_callback_reaches_who_waits(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    ours, theirs = pair
    theirs.send(b"x")
    loop = Loop()

    def broken() -> None:
        raise ZeroDivisionError

    with (
        pytest.raises(ZeroDivisionError),
        loop.serving(ours, selectors.EVENT_READ, broken),
    ):
        loop.wait(lambda: False, Deadline(5))
