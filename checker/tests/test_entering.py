"""Processes that are forked for an arena."""

from __future__ import annotations

import errno
import os
import select
import signal
from random import Random

import pytest

from checker import entering
from checker.arena import Arena
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.tests.inside import in_arena


@pytest.mark.usefixtures("private_arena")
def test_why_the_user_could_not_be_mapped_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(_: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(entering, "write_id_maps", forbidden)
    with pytest.raises(CheckerError, match=r"^user namespaces: Operation not permitted$"):
        in_arena(lambda _: None)


def test_one_that_never_enters_keeps_nobody_waiting() -> None:
    pid = fork_for_arena(lambda _: None)
    assert os.waitpid(pid, 0) == (pid, 0)


def test_the_open_arena_needs_nothing() -> None:
    read, write = os.pipe()

    def work(enter: Enter) -> None:
        os.write(write, str(enter(Random(0)).private).encode())

    pid = fork_for_arena(work, private=False)
    os.close(write)
    os.waitpid(pid, 0)
    with os.fdopen(read) as told:
        assert told.read() == "False"


@pytest.mark.usefixtures("private_arena")
def test_it_dies_with_whoever_forked_it() -> None:
    """Inside an arena too, where another user's rights are its own."""
    read, write = os.pipe()

    def work(enter: Enter) -> None:
        enter(Random(0))
        os.write(write, str(os.getpid()).encode())
        signal.pause()

    parent = os.fork()
    if parent == 0:
        fork_for_arena(work)
        signal.pause()
    os.close(write)
    child = int(os.read(read, 100))
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    died, _, _ = select.select([read], [], [], 10)
    os.close(read)
    if not died:
        os.kill(child, signal.SIGKILL)
    assert died


@pytest.mark.usefixtures("private_arena")
def test_an_arena_inside_an_arena() -> None:
    def work(outer: Arena) -> bool:
        return outer.hostname != in_arena(lambda inner: inner.hostname, seed=1)

    assert in_arena(work)
