"""A process of its own for an arena: who enters one never leaves."""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Callable
from random import Random

from checker.arena import Arena, enter_open, enter_private, write_id_maps
from checker.failure import CheckerError

PR_SET_PDEATHSIG = 1
MAPPED = b"mapped"
REASON = 200
"""Bytes that tell why the maps could not be written."""

Enter = Callable[[Random], Arena]


def fork_for_arena(work: Callable[[Enter], None], private: bool = True) -> int:
    """Calls `work` in a new process, which dies with this one, and returns its process id. `work`
    is given the function that enters the arena; that raises CheckerError where it cannot."""
    entered_read, entered_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _die_with(parent)
            os.close(entered_read)
            os.close(mapped_write)
            work(lambda random: _enter(random, private, entered_write, mapped_read))
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


def _enter(random: Random, private: bool, entered: int, mapped: int) -> Arena:
    def maps_ready() -> None:
        os.write(entered, b"e")
        told = os.read(mapped, REASON)
        if told != MAPPED:
            raise CheckerError(f"user namespaces: {told.decode() or 'nobody mapped the user'}")

    try:
        return enter_private(random, maps_ready) if private else enter_open()
    finally:
        os.close(entered)
        os.close(mapped)


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
