"""The one place where the prober waits. While a check waits for anything, everything that is
registered here is served too, so that a program which prints a lot is never blocked by us."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from checker.clock import SLICE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.clock import Deadline


OVERTIME = 0.5
"""Seconds after a deadline in which what has come before it is still served; a program that never
stops sending would have us wait for ever."""


PATIENCE = 0.1
"""What is not yet so is looked at again when it took so much longer: it is seen a tenth late at
most, and nobody looks a thousand times at what takes seconds."""


class HasFileno(Protocol):
    def fileno(self) -> int: ...


class Loop:
    """Callbacks for file objects that become ready."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()

    def on_readable(self, source: HasFileno | int, callback: Callable[[], None]) -> None:
        self._selector.register(source, selectors.EVENT_READ, callback)

    def on_writable(self, source: HasFileno | int, callback: Callable[[], None]) -> None:
        self._selector.register(source, selectors.EVENT_WRITE, callback)

    def forget(self, source: HasFileno | int) -> None:
        self._selector.unregister(source)

    @contextmanager
    def serving(
        self, source: HasFileno, events: int, callback: Callable[[], None]
    ) -> Iterator[None]:
        """`callback` is called while the block runs and `source` is ready."""
        self._selector.register(source, events, callback)
        try:
            yield
        finally:
            self._selector.unregister(source)

    def wait(self, done: Callable[[], bool], deadline: Deadline, poll: float | None = None) -> bool:
        """Serves until `done()` or the deadline; tells whether it was done.

        `poll`: look at `done` again after so many seconds, then ever less often, for conditions
        that no descriptor announces."""
        start = before = time.monotonic()
        while not done():
            left = deadline.left()
            pause = SLICE if poll is None else max(poll, PATIENCE * (before - start))
            timeout = max(0.0, min(left, pause, SLICE))
            before = time.monotonic()
            ready = self._selector.select(timeout)
            deadline.overslept(time.monotonic() - before - timeout)
            for key, _ in ready:
                key.data()
            if left <= 0 and (left < -OVERTIME or not ready):
                return done()
        return True
