"""A process of its own for arenas: who enters one comes back out of it only into the next."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from random import Random

from checker.arena import Arena, become_root, enter_open, enter_private, write_id_maps
from checker.failure import CheckerError

PR_SET_PDEATHSIG = 1
MAPPED = b"mapped"
REASON = 200
"""Bytes that tell why the maps could not be written."""

Enter = Callable[[Random], Arena]


def fork_for_arena(work: Callable[[Enter], None], private: bool = True) -> int:
    """Calls `work` in a new process, which dies with this one, and returns its process id. `work`
    is given the function that enters a new arena, at each call another one; it raises CheckerError
    where it cannot."""
    entered_read, entered_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _die_with(parent)
            os.close(entered_read)
            os.close(mapped_write)
            work(_Entrance(entered_write, mapped_read) if private else lambda _: enter_open())
        finally:
            os._exit(0)
    os.close(entered_write)
    os.close(mapped_read)
    try:
        if private and os.read(entered_read, 1):
            os.write(mapped_write, _map(pid))
    except BrokenPipeError:
        pass  # it has died; whoever waits for its answer sees that
    finally:
        os.close(entered_read)
        os.close(mapped_write)
    return pid


class _Entrance:
    """The way into one private arena after the other, for the process that was forked for them."""

    def __init__(self, entered: int, mapped: int) -> None:
        self._entered = entered
        self._mapped = mapped
        self._trouble: CheckerError | None = None
        self._is_root = False
        self._arena: Arena | None = None

    def __call__(self, random: Random) -> Arena:
        if not self._is_root:
            self._become_root()
        if self._arena:
            self._arena.leave()
            self._arena = None
        self._arena = enter_private(random)
        return self._arena

    def _become_root(self) -> None:
        """A process can try that only once."""
        if self._trouble:
            raise self._trouble
        try:
            become_root(self._maps_ready)
            self._is_root = True
        except CheckerError as trouble:
            self._trouble = trouble
            raise
        finally:
            os.close(self._entered)
            os.close(self._mapped)

    def _maps_ready(self) -> None:
        os.write(self._entered, b"e")
        told = os.read(self._mapped, REASON)
        if told != MAPPED:
            raise CheckerError(f"user namespaces: {told.decode() or 'nobody mapped the user'}")


def _map(pid: int) -> bytes:
    try:
        write_id_maps(pid)
    except OSError as error:
        return (error.strerror or str(error)).encode()[:REASON]
    return MAPPED


def _die_with(parent: int) -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
