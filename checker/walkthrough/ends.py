"""Every way in which the walkthrough ends leads through the same door as `q`."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def in_order(leave: Callable[[int], None]) -> Iterator[None]:
    """`leave` gets the exit status when a signal comes, or when the terminal goes away, also if no
    signal tells that; what is still written goes nowhere then."""
    loop = asyncio.get_running_loop()

    def told(number: int, _: object = None) -> None:
        loop.call_soon_threadsafe(leave, 128 + number)

    def gone(*_: object) -> None:
        loop.remove_reader(hangup)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for end in (0, 1, 2):
            os.dup2(nowhere, end)
        told(signal.SIGHUP)

    def hung_up(number: int, _: object) -> None:
        """Somebody's `kill -HUP` comes while the terminal is still there."""
        if _hangs_up():
            gone()
        else:
            told(number)

    hangup = select.epoll()
    hangup.register(sys.stdin, 0)  # a hang-up is told all the same
    loop.add_reader(hangup, gone)
    signal.signal(signal.SIGHUP, hung_up)  # not by the loop: an editor may hold it up
    signal.signal(signal.SIGINT, told)
    signal.signal(signal.SIGTERM, told)
    try:
        yield
    finally:
        loop.remove_reader(hangup)
        hangup.close()


def _hangs_up() -> bool:
    """Whether our terminal has gone away (poll(2), POLLHUP)."""
    watched = select.poll()
    watched.register(sys.stdin, 0)
    return bool(watched.poll(0))


@contextmanager
def undisturbed() -> Iterator[None]:
    """While a program of the student's has the terminal, its Ctrl-C is not for us."""
    before = signal.signal(signal.SIGINT, lambda *_: None)  # to ignore it would be inherited
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
