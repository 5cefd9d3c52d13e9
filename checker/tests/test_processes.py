from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from checker import processes, sockets
from checker.sockets import Socket


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


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_listening_socket_is_found_with_its_holder(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as listener:
        port = listener.getsockname()[1]
        inode = f"socket:[{os.fstat(listener.fileno()).st_ino}]"
        assert Socket("TCP", port, 0, 0, inode) in sockets.bound_by([os.getpid()])
        with shell("echo ready; read line") as other:
            assert sockets.bound_by([other.pid]) == []


def test_a_bound_udp_socket_is_found() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        found = {(b.protocol, b.port) for b in sockets.bound_by([os.getpid()])}
        assert ("UDP", sock.getsockname()[1]) in found


def test_a_socket_that_is_bound_but_does_not_listen_is_none() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        ports = {b.port for b in sockets.bound_by([os.getpid()]) if b.protocol == "TCP"}
        assert sock.getsockname()[1] not in ports


def test_a_connection_belongs_to_nobody_until_it_is_accepted() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        ends = listener.getsockname()[1], client.getsockname()[1]
        assert sockets.connection(*ends) == ""
        with closing(listener.accept()[0]) as server:
            inode = os.fstat(server.fileno()).st_ino
            assert sockets.connection(*ends) == f"socket:[{inode}]"


def test_bytes_that_nobody_has_read_are_counted() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
        closing(listener.accept()[0]) as server,
    ):
        ends = listener.getsockname()[1], client.getsockname()[1]
        client.send(b"Hello")
        assert sockets.unread(*ends) == 5
        server.recv(2)
        assert sockets.unread(*ends) == 3


def test_all_that_a_process_started_is_killed() -> None:
    with shell(
        "for i in 1 2 3; do sh -c 'trap \"\" TERM; sleep 600' & done; echo ready; read l"
    ) as p:
        processes.kill_all(p.pid)
        left = [pid for pid in processes.descendants(p.pid) if processes.state(pid) != "Z"]
        assert left == []
        assert processes.state(p.pid) in ("S", "R")
