from __future__ import annotations

import errno
import os
import socket
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from checker import arena as arena_module
from checker.arena import Arena, enter_open, random_host_name
from checker.failure import CheckerError
from checker.tests.inside import in_arena

needs_arena = pytest.mark.usefixtures("private_arena")


@needs_arena
def test_the_host_has_a_name_of_its_own_inside_and_keeps_its_old_one_outside() -> None:
    before = socket.gethostname()
    inside = in_arena(lambda arena: (arena.hostname, socket.gethostname()))
    assert inside[0] == inside[1] != before
    assert socket.gethostname() == before


@needs_arena
def test_the_same_seed_gives_the_same_host_name() -> None:
    names = [in_arena(lambda arena: arena.hostname, seed) for seed in (1, 1, 2)]
    assert names[0] == names[1] != names[2]


@needs_arena
@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.10", "::1"])
def test_the_loopback_carries_connections(address: str) -> None:
    def work(_: Arena) -> bytes:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with (
            socket.create_server((address, 58001), family=family) as listener,
            socket.create_connection(listener.getsockname()[:2]) as client,
            closing(listener.accept()[0]) as server,
        ):
            server.send(b"Hello")
            return client.recv(10)

    assert in_arena(work) == b"Hello"


@needs_arena
@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8", "2001:db8::1"])
@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_nothing_leads_out(address: str, kind: socket.SocketKind) -> None:
    def work(_: Arena) -> int:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family, kind) as client:
            return client.connect_ex((address, 53))

    assert in_arena(work) in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL)


@needs_arena
def test_a_server_outside_cannot_be_reached_and_its_port_is_free_inside() -> None:
    def work(_: Arena) -> int:
        with socket.socket() as client:
            refused = client.connect_ex(where)
        socket.create_server(where).close()
        return refused

    with socket.create_server(("127.0.0.1", 0)) as listener:
        where = listener.getsockname()
        assert in_arena(work) == errno.ECONNREFUSED


@needs_arena
def test_a_host_has_an_address_beside_the_loopback_so_that_resolvers_ask() -> None:
    def work(_: Arena) -> str:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("127.0.0.53", 53))
            return Path("/proc/thread-self/net/fib_trie").read_text()

    assert "|-- 10." in in_arena(work)


@needs_arena
def test_its_files_name_its_host_and_its_name_server() -> None:
    hostname, etc = in_arena(lambda arena: (arena.hostname, arena.etc))
    assert hostname.encode() in etc["hosts"]
    assert etc["resolv.conf"].startswith(b"nameserver 127.0.0.53\n")


@needs_arena
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has no second user to give")
def test_programs_of_root_run_as_somebody_without_rights() -> None:
    assert in_arena(lambda arena: arena.drops_to) == arena_module.PROGRAM_UID


@needs_arena
def test_a_machine_that_forbids_it_is_told_about() -> None:
    """Only this arena's own user namespace is forbidden further ones."""

    def work(_: Arena) -> None:
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        in_arena(lambda _: None)

    with pytest.raises(CheckerError, match=r"^unshare: No space left on device$"):
        in_arena(work)


def test_the_open_arena_is_this_machine() -> None:
    arena = enter_open()
    assert not arena.private
    assert arena.names is None
    assert arena.hostname == socket.gethostname()


@pytest.mark.parametrize("length", [1, 8, 63, 64])
def test_a_host_name_may_have_any_length(length: int) -> None:
    name = random_host_name(Random(1), length)
    assert len(name) == length
    assert name[0].isalpha() and name.isalnum() and name.islower()


def test_host_names_differ() -> None:
    random = Random(1)
    assert len({random_host_name(random) for _ in range(100)}) == 100
