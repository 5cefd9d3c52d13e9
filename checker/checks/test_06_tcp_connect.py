"""06-tcp-connect: connects, and says where it is connected to."""

from __future__ import annotations

import socket

from checker.check import check
from checker.checks.call import call, call_nobody, call_unknown_host
from checker.checks.ipv6 import ipv6_host
from checker.clock import REPLY
from checker.scene import Scene

CLAIM = b"connected to"
PATIENCE = 10.0
"""Seconds after which a program should no longer wait for a host that never answers."""


@check(
    "core",
    "opens a TCP connection to the host and the port that it is given",
    why="getaddrinfo turns the host's name and the port into the address that connect needs.",
    man=("socket(2)", "connect(2)", "getaddrinfo(3)", "tcp(7)"),
    guide="connect",
)
def test_connects(scene: Scene) -> None:
    call(scene)


@check(
    "core",
    "prints the address and the port that it is connected to",
    why="A name may have many addresses; whoever reads the line sees which one has answered.",
    man=("getpeername(2)", "getnameinfo(3)", "inet_ntop(3)", "ntohs(3)"),
    guide="connect",
    needs=("test_connects",),
)
def test_prints(scene: Scene) -> None:
    caller = call(scene, stdin="ended")
    address, port = caller.server.here()
    caller.program.exits()
    caller.program.has_printed(f"connected to {address}:{port}\n".encode())


@check(
    "core",
    "ends its one connection in order, and exits with status 0",
    why="close sends a FIN, which says that all is well; a reset (RST) says that something broke.",
    man=("close(2)", "tcp(7)", "exit(3)"),
    guide="connect",
    needs=("test_connects",),
)
def test_closes(scene: Scene) -> None:
    caller = call(scene)
    caller.server.hears_end()
    caller.program.succeeds()
    caller.listener.accepts_no_more()


@check(
    "core",
    "uses TCP, and leaves the UDP server of the same port alone",
    why="TCP and UDP count their ports separately: two servers may share a number, and SOCK_STREAM "
    "or SOCK_DGRAM tells which one is meant.",
    man=("socket(2)", "tcp(7)", "udp(7)"),
    guide="connect",
    needs=("test_connects",),
)
def test_tcp_not_udp(scene: Scene) -> None:
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    other = scene.datagrams("the UDP server", host, port)
    scene.timeline.step("two servers", f"have port {port} of {host.name}, one TCP and one UDP")
    program = scene.start(host=host.name, port=port)
    listener.accepts().hears_end()
    program.exits()
    other.hears_no_more()


@check(
    "core",
    "notices that nobody listens on the port",
    why="connect returns -1 then, and a program that goes on talks to nobody.",
    man=("connect(2)", "errno(3)"),
    guide="errors",
    needs=("test_connects",),
)
def test_refusal(scene: Scene) -> None:
    call_nobody(scene).notices_failure(CLAIM)


@check(
    "core",
    "notices that the host does not exist",
    why="getaddrinfo gives no list when it fails, and a program that goes on uses what is not "
    "there.",
    man=("getaddrinfo(3)", "gai_strerror(3)"),
    guide="errors",
    needs=("test_connects",),
    private=True,
)
def test_unknown_host(scene: Scene) -> None:
    call_unknown_host(scene).notices_failure(CLAIM)


@check(
    "core",
    "makes no memory error, however long the address is",
    why="An address of 15 characters, a colon and a port of five need 22 with the NUL; and "
    "what freeaddrinfo has freed must not be used again.",
    man=("inet_ntop(3)", "freeaddrinfo(3)"),
    guide="connect",
    needs=("test_connects",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    parts = [str(scene.random.randrange(100, 255)) for _ in range(3)]
    host, port = scene.host(".".join(["127", *parts])), scene.port()
    scene.listener(host, port)
    program = scene.start(host=host.name, port=port)
    program.exits()
    program.has_no_memory_error()


@check(
    "craft",
    "reports a refusal in the standard form",
    why="“Connection refused” sends the reader to the server, another text to the network: the "
    "reason must be there.",
    man=("connect(2)", "strerror(3)"),
    guide="errors",
    needs=("test_refusal",),
)
def test_reports_refusal(scene: Scene) -> None:
    call_nobody(scene).reports("connect", "Connection refused")


@check(
    "craft",
    "reports an unknown host in the standard form",
    why="getaddrinfo does not set errno: its result is the error, and gai_strerror has the words.",
    man=("gai_strerror(3)",),
    guide="errors",
    needs=("test_unknown_host",),
    private=True,
)
def test_reports_unknown_host(scene: Scene) -> None:
    call_unknown_host(scene).reports("getaddrinfo", "Name or service not known")


@check(
    "craft",
    "tries the host's next address when one refuses",
    why="getaddrinfo gives a list because a host may have many addresses, and some may be out of "
    "use.",
    man=("getaddrinfo(3)", "connect(2)"),
    guide="craft",
    needs=("test_refusal",),
    private=True,
)
def test_next_address(scene: Scene) -> None:
    scene.needs_argument("host")
    addresses = [scene.address() for _ in range(3)]
    for address in addresses:  # the resolver sorts them in its own way
        host, port = scene.host(address), scene.port()
        scene.names.host(host.name, *addresses)
        listener = scene.listener(host, port)
        scene.timeline.step("the server", f"listens on one of {host.name}'s addresses: {address}")
        program = scene.start(host=host.name, port=port)
        listener.accepts().hears_end()
        program.succeeds()


@check(
    "craft",
    f"gives up within {PATIENCE:.0f} seconds on a host that never answers",
    why="Linux repeats a connection request for two minutes; no user waits that long.",
    man=("connect(2)", "tcp(7)", "socket(7)"),
    guide="craft",
    needs=("test_refusal",),
)
def test_gives_up(scene: Scene) -> None:
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port, backlog=0)
    # A listener whose queue is full drops what else arrives: nobody accepts this connection.
    scene.keep(socket.create_connection(listener.address(), REPLY))
    scene.timeline.step("the server", f"never answers on TCP port {port} of {host.name}")
    scene.start(host=host.name, port=port).notices_failure(CLAIM, within=PATIENCE)


@check(
    "craft",
    "connects to a host that has only IPv6",
    why="AF_INET asks for IPv4 alone; with AF_UNSPEC the same program serves both.",
    man=("getaddrinfo(3)", "ipv6(7)"),
    guide="craft",
    needs=("test_connects",),
    private=True,
)
def test_ipv6(scene: Scene) -> None:
    scene.needs_argument("host")
    host, port = ipv6_host(scene), scene.port()
    listener = scene.listener(host, port)
    scene.timeline.step("the server", f"listens on port {port} of {host.name}: {host.address}")
    program = scene.start(host=host.name, port=port)
    listener.accepts().hears_end()
    program.succeeds()
    program.step("prints that address and the port")
    line = bytes(program.program.stdout).decode(errors="replace").strip()
    forms = [f"connected to {address}:{port}" for address in (f"[{host.address}]", host.address)]
    program.must(line in forms, f"`{forms[0]}`", f"`{line}`")
