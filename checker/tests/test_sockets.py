from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest

from checker import sockets
from checker.arena import Arena
from checker.sockets import Socket
from checker.tests.inside import in_arena


def inode(sock: socket.socket) -> str:
    return f"socket:[{os.fstat(sock.fileno()).st_ino}]"


@pytest.fixture
def other() -> Iterator[int]:
    """Another process, that has none of our sockets."""
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process.pid
        process.kill()


def ours() -> list[Socket]:
    return sockets.bound_by([os.getpid()])


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "0.0.0.0", "::"])
def test_a_listening_socket_is_found_by_who_has_it(address: str, other: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family, backlog=7) as listener:
        found = Socket("TCP", listener.getsockname()[1], 0, 0, 7, inode(listener))
        assert found in ours()
        assert found in sockets.bound_by([other, os.getpid()])
        assert found not in sockets.bound_by([other])


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_udp_socket_with_a_port_is_found(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as letterbox:
        letterbox.bind((address, 0))
        assert Socket("UDP", letterbox.getsockname()[1], 0, 0, 0, inode(letterbox)) in ours()


def test_a_socket_that_is_bound_but_does_not_listen_is_not_found() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        assert inode(sock) not in {found.inode for found in ours()}


def test_a_connection_that_is_open_is_no_listening_socket() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        assert inode(client) not in {found.inode for found in ours()}


def test_a_process_that_is_no_more_has_none() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    assert sockets.bound_by([pid]) == []


def test_a_connection_belongs_to_nobody_until_it_is_accepted() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
    ):
        ends = listener.getsockname()[1], client.getsockname()[1]
        assert sockets.connection(*ends) == ""
        with closing(listener.accept()[0]) as server:
            assert sockets.connection(*ends) == inode(server)
            assert sockets.connection(*reversed(ends)) == inode(client)


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


def test_a_connection_that_is_not_there_has_nothing() -> None:
    assert sockets.connection(1, 2) == ""
    assert sockets.unread(1, 2) == 0


def test_hundreds_of_sockets_are_all_found() -> None:
    """More than one answer of the kernel's holds."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(300)]
    found = {each.inode for each in ours()}
    assert found.issuperset(map(inode, listeners))
    for listener in listeners:
        listener.close()


@pytest.mark.usefixtures("private_arena")
def test_in_an_arena_only_its_own_sockets_are_seen() -> None:
    def work(_: Arena) -> list[int]:
        return [found.port for found in sockets.bound_by([os.getpid(), os.getppid()])]

    with socket.create_server(("127.0.0.1", 0)) as outside:
        assert outside.getsockname()[1] not in in_arena(work)
