from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checker import processes
from checker.sandbox import FILTER, bwrap

LEAVES_ORPHANS = """
import os, signal
from checker.processes import adopt_orphans, children, end_orphans

adopt_orphans()
told, tell = os.pipe()
ours, worker = os.fork(), 0
if ours and (worker := os.fork()):
    os.read(told, 1)
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    end_orphans()
    left = children(os.getpid())
    os.kill(ours, signal.SIGKILL)
    assert left == [ours], left
elif ours and os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(tell, b"ready")
    signal.pause()
else:
    signal.pause()
"""
"""A program in a session of its own, and its child, are left by a worker that is killed."""

NO_USER = (1 << 32) - 2


@contextmanager
def shell(script: str) -> Iterator[subprocess.Popen[str]]:
    """A shell that has said `ready`."""
    with subprocess.Popen(
        ["/bin/sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def threads(number: int) -> Iterator[None]:
    over = threading.Event()
    started = [threading.Thread(target=over.wait) for _ in range(number)]
    try:
        for thread in started:
            thread.start()
        yield
    finally:
        over.set()
        for thread in started:
            thread.join()


@contextmanager
def zombie() -> Iterator[int]:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    yield pid
    os.waitpid(pid, 0)


@pytest.fixture
def nobody() -> int:
    """The number of a process that is no more."""
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    return pid


def test_the_parent_of_a_process_is_known() -> None:
    assert processes.parent(os.getpid()) == os.getppid()


def test_a_process_that_is_no_more_has_nothing(nobody: int) -> None:
    assert processes.parent(nobody) is None
    assert processes.state(nobody) == ""
    assert processes.cpu_seconds(nobody) == 0.0
    assert processes.memory(nobody) == 0
    assert processes.descriptors(nobody) == {}
    assert processes.descendants(nobody) == []
    assert not processes.ignores(nobody, signal.SIGPIPE)


def test_a_name_may_hold_anything() -> None:
    with shell("echo 'a) Z (b' > /proc/$$/comm; echo ready; read line") as process:
        assert processes.parent(process.pid) == os.getpid()
        assert processes.state(process.pid) != "Z"


def test_a_zombie_is_one() -> None:
    with zombie() as pid:
        assert processes.state(pid) == "Z"


def test_a_zombie_is_among_the_children() -> None:
    with zombie() as pid:
        assert pid in processes.children(os.getpid())


@pytest.mark.usefixtures("private_arena")
def test_the_first_process_of_a_namespace_below_ours_is_known() -> None:
    with (
        FILTER.open("rb") as seccomp,
        subprocess.Popen(
            [*bwrap(seccomp=seccomp.fileno()), "/bin/sh", "-c", "echo ready; read line"],
            pass_fds=[seccomp.fileno()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as outer,
    ):
        assert outer.stdout is not None
        assert outer.stdout.readline() == b"ready\n"
        (first,) = processes.children(outer.pid)
        assert processes.is_first(first)
        others = [os.getpid(), outer.pid, *processes.children(first)]
        assert not any(processes.is_first(pid) for pid in others)
        outer.kill()


def test_descendants_are_found_parents_first() -> None:
    with shell("sh -c 'sh -c \"echo ready; read line\"; :'; :") as process:
        found = processes.descendants(process.pid)
        seen = {process.pid}
        for pid in found:
            assert processes.parent(pid) in seen
            seen.add(pid)
        assert len(found) >= 2


def test_what_a_process_ignores_is_known() -> None:
    with shell("trap '' PIPE; echo ready; read line") as process:
        assert processes.ignores(process.pid, signal.SIGPIPE)
        assert not processes.ignores(process.pid, signal.SIGUSR1)


def test_memory_in_use_is_told_in_bytes() -> None:
    before = processes.memory(os.getpid())
    more = b"x" * 50_000_000
    assert processes.memory(os.getpid()) - before > len(more) * 0.9


def test_processor_time_is_told_in_seconds() -> None:
    before = processes.cpu_seconds(os.getpid())
    sum(range(3_000_000))
    assert 0 < processes.cpu_seconds(os.getpid()) - before < 60


def test_who_sleeps_is_not_awake() -> None:
    with shell("echo ready; read line") as process:
        while processes.state(process.pid) != "S":
            pass
        before = processes.awake_seconds(process.pid)
        sum(range(3_000_000))
        assert processes.awake_seconds(process.pid) == before


def test_descriptors_are_told_with_what_they_are() -> None:
    with socket.socket() as sock:
        name = os.fstat(sock.fileno()).st_ino
        assert processes.descriptors(os.getpid())[sock.fileno()] == f"socket:[{name}]"


def test_all_that_a_process_started_is_killed() -> None:
    with shell(
        "for i in 1 2 3; do sh -c 'trap \"\" TERM; sleep 600' & done; echo ready; read l"
    ) as p:
        processes.kill_all(p.pid)
        left = [pid for pid in processes.descendants(p.pid) if processes.state(pid) != "Z"]
        assert left == []
        assert processes.state(p.pid) in ("S", "R")


def test_orphans_are_ended_and_who_becomes_one_by_that() -> None:
    subprocess.run([sys.executable, "-c", LEAVES_ORPHANS], check=True, timeout=20)


def test_a_users_tasks_are_its_threads_too() -> None:
    with threads(500):
        assert processes.tasks_of(os.getuid()) > 500
    assert processes.tasks_of(NO_USER) == 0
