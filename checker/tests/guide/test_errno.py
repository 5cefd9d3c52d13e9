"""The field guide to errno: what it says of a number, and a call that fails with it."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import resource
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.guide import building
from checker.tests.inside import in_arena

ENTRY = re.compile(r"^(E[A-Z]+)(?:, E[A-Z]+)?: (.+)\n: ", re.MULTILINE)
INJECTED = {"ECONNABORTED"}
"""What Linux has no occasion for here; checks inject it."""
PR_CAPBSET_DROP, CAP_NET_BIND_SERVICE = 24, 10
HERE = "127.0.0.1"


def tcp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def udp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server((HERE, 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


def taken() -> None:
    with socket.create_server((HERE, 0)) as listener:
        tcp().bind(listener.getsockname())


def privileged() -> None:
    """Root of an arena may bind to any port; one of its users may not."""
    libc = ctypes.CDLL(None)
    assert libc.prctl(PR_CAPBSET_DROP, CAP_NET_BIND_SERVICE, 0, 0, 0) == 0
    script = "import socket; socket.socket().bind(('127.0.0.1', 80))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    if b"PermissionError: [Errno 13]" in done.stderr:
        raise OSError(errno.EACCES, "bind")


def other_family() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    address = struct.pack("=HHI20x", socket.AF_INET6, 1, 0)
    client = tcp()
    if libc.connect(client.fileno(), address, len(address)) < 0:
        raise OSError(ctypes.get_errno(), "connect")


def refused() -> None:
    tcp().connect((HERE, 9))


def reset() -> None:
    client, server = connected()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    server.close()
    client.recv(1)


def broken() -> None:
    client, _server = connected()
    client.shutdown(socket.SHUT_WR)
    client.send(b"x", socket.MSG_NOSIGNAL)


def no_answer() -> None:
    """A listener whose queue is full drops what asks for a connection."""
    listener = socket.create_server((HERE, 0), backlog=0)
    waiting = [tcp() for _ in range(2)]
    for client in waiting:
        client.setblocking(False)
        client.connect_ex(listener.getsockname())
    late = tcp()
    late.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 100)
    late.connect(listener.getsockname())


def interrupted() -> None:
    """Python calls again by itself; the C library does not, with a handler that says so."""
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.siginterrupt(signal.SIGALRM, True)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    libc = ctypes.CDLL(None, use_errno=True)
    listener = socket.create_server((HERE, 0))
    if libc.accept(listener.fileno(), None, None) < 0:
        raise OSError(ctypes.get_errno(), "accept")


def not_yet() -> None:
    listener = socket.create_server((HERE, 0))
    listener.setblocking(False)
    listener.accept()


def under_way() -> None:
    client = tcp()
    client.setblocking(False)
    client.connect(socket.create_server((HERE, 0)).getsockname())


def closed() -> None:
    os.read(-1, 1)


def too_many() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    kept = [tcp() for _ in range(100)]
    assert not kept


def no_pointer() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    client, server = connected()
    server.send(b"x")
    if libc.read(client.fileno(), ctypes.c_void_p(8), ctypes.c_size_t(1)) < 0:
        raise OSError(ctypes.get_errno(), "read")


def no_socket() -> None:
    with Path("/dev/null").open() as file:
        socket.socket(fileno=file.fileno())


def does_not_listen() -> None:
    tcp().accept()


OCCASIONS: dict[str, Callable[[], object]] = {
    "EADDRINUSE": taken,
    "EACCES": privileged,
    "EAFNOSUPPORT": other_family,
    "ECONNREFUSED": refused,
    "ECONNRESET": reset,
    "EPIPE": broken,
    "ETIMEDOUT": no_answer,
    "ENOTCONN": lambda: tcp().shutdown(socket.SHUT_WR),
    "EINTR": interrupted,
    "EAGAIN": not_yet,
    "EINPROGRESS": under_way,
    "EBADF": closed,
    "EMFILE": too_many,
    "ENOTSOCK": no_socket,
    "EFAULT": no_pointer,
    "EINVAL": does_not_listen,
    "EMSGSIZE": lambda: udp().sendto(bytes(65_508), (HERE, 9)),
    "EDESTADDRREQ": lambda: udp().send(b"x"),
}


def entries() -> dict[str, str]:
    """Number → its text, as the guide has them."""
    text = (building.SOURCE / "errno.md").read_text()
    return {name: words for name, words in ENTRY.findall(text) if not name.startswith("EAI")}


def test_every_number_has_the_text_that_the_system_gives_it() -> None:
    assert entries()
    for name, words in entries().items():
        assert os.strerror(getattr(errno, name)) == words


def test_every_number_of_the_field_guide_has_an_occasion() -> None:
    assert set(entries()) - INJECTED == set(OCCASIONS)


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize("name", sorted(OCCASIONS))
def test_a_call_fails_with_that_number_on_its_occasion(name: str) -> None:
    def provoke(_: object) -> str:
        try:
            OCCASIONS[name]()
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "no failure"

    assert in_arena(provoke) == name
