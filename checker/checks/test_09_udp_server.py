"""09-udp-server: echoes each datagram to its sender."""

from __future__ import annotations

import socket
import struct

from checker import processes
from checker.check import check
from checker.checks.idle import READ, sleeps, waits_in
from checker.checks.taken import taken_port
from checker.peers.datagrams import BIGGEST, Address, Datagrams
from checker.scene import Scene, Server
from checker.text import count

KIB = 1024
MANY = 10_000
WARM = 1_000
"""Datagrams after which a program has all the memory that it needs."""


def address(server: Server) -> Address:
    return "127.0.0.1", server.port


def exchanges(scene: Scene, server: Server, client: Datagrams) -> None:
    """The client sends a word that nobody can guess, and hears it."""
    word = scene.text(12).encode()
    client.says(word, address(server))
    client.hears(word)


def elsewhere(scene: Scene, name: str) -> Datagrams:
    """A client on an address of its own."""
    return Datagrams(name, (scene.address(), 0), scene.loop, scene.timeline, scene.gone)


@check(
    "core",
    "is bound to the UDP port that it is given",
    why="Clients find a server by its port number; socket, htons and bind all have to be right.",
    man=("socket(2)", "bind(2)", "getaddrinfo(3)"),
    guide="bind",
)
def test_listens(scene: Scene) -> None:
    scene.serve("UDP")


@check(
    "core",
    "sends a datagram back to its sender, from that port",
    why="recvfrom tells whom the datagram came from, if you tell it how much room there is for the "
    "address; sendto sends to that address.",
    man=("recvfrom(2)", "sendto(2)"),
    guide="echo",
    needs=("test_listens",),
)
def test_echoes(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    line = scene.text(24).encode() + b"\n"
    client.says(line, address(server))
    _, sender = client.hears(line)
    server.program.step("answers from the port that was asked")
    server.program.must(
        sender[1] == server.port,
        f"an answer from port {server.port}",
        f"one from port {sender[1]}, which the client did not ask",
    )


@check(
    "core",
    "keeps serving after each datagram, whoever sent it",
    why="A server answers until it is stopped: recvfrom and sendto belong in a loop.",
    man=("recvfrom(2)",),
    guide="echo",
    needs=("test_echoes",),
)
def test_keeps_serving(scene: Scene) -> None:
    server = scene.serve("UDP")
    for number in range(1, 4):
        client = scene.datagrams(f"client {number}")
        for _ in range(2):
            exchanges(scene, server, client)
        client.close()
    server.program.still_runs()


@check(
    "core",
    "sends back exactly the bytes that came",
    why="recvfrom returns how many bytes it gave; the rest of the buffer is old or was never set.",
    man=("recvfrom(2)",),
    guide="echo",
    needs=("test_keeps_serving",),
)
def test_exact_bytes(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    for size in (128, 127, 1, 5):
        data = scene.bytes(size)
        client.says(data, address(server))
        client.hears(data)
    client.hears_no_more()


@check(
    "core",
    "passes bytes through that are no text",
    why="A datagram may hold any byte; a NUL ends a C string, but not a message.",
    man=("sendto(2)",),
    guide="echo",
    needs=("test_keeps_serving",),
)
def test_binary(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    for data in (b"\0" + scene.bytes(20), b"%s%n%" + scene.bytes(8), b"ab\0cd\0"):
        client.says(data, address(server))
        client.hears(data)


@check(
    "core",
    "answers an empty datagram with an empty datagram",
    why="A datagram of no bytes is a datagram too: recvfrom returns 0 for it, and that is no end.",
    man=("recvfrom(2)", "udp(7)"),
    guide="empty",
    needs=("test_keeps_serving",),
)
def test_empty(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    client.says(b"", address(server))
    client.hears(b"")
    exchanges(scene, server, client)


@check(
    "core",
    "answers each of several clients with its own bytes",
    why="All clients share the server's one socket; only the sender's address tells them apart.",
    man=("recvfrom(2)", "udp(7)"),
    guide="echo",
    needs=("test_keeps_serving",),
)
def test_interleaved(scene: Scene) -> None:
    server = scene.serve("UDP")
    clients = [scene.datagrams("client 1"), elsewhere(scene, "client 2")]
    clients += [scene.datagrams("client 3"), elsewhere(scene, "client 4")]
    words = [scene.text(scene.random.randrange(4, 30)).encode() for _ in range(12)]
    order = clients * 3
    scene.random.shuffle(order)
    with server.program.paused():
        for client, word in zip(order, words, strict=True):
            client.says(word, address(server))
    for client, word in zip(order, words, strict=True):
        client.hears(word)
    for client in clients:
        client.hears_no_more()


@check(
    "core",
    "sleeps while no datagram comes",
    why="recvfrom waits without using the processor; asking again and again takes all of one.",
    man=("recvfrom(2)",),
    guide="echo",
    needs=("test_echoes",),
)
def test_sleeps(scene: Scene) -> None:
    server = scene.serve("UDP")
    sleeps(scene, server)
    exchanges(scene, server, scene.datagrams("client 1"))
    sleeps(scene, server)


@check(
    "core",
    "serves, and sleeps, with its standard input at its end",
    why="A server started by another program often has no input at all.",
    guide="echo",
    needs=("test_echoes",),
)
def test_without_stdin(scene: Scene) -> None:
    server = scene.serve("UDP", stdin="ended")
    sleeps(scene, server)
    exchanges(scene, server, scene.datagrams("client 1"))


@check(
    "core",
    "notices that its port is taken",
    why="bind fails then, and a server that goes on waits on some random port, or for nobody.",
    man=("bind(2)",),
    guide="bind",
    needs=("test_listens",),
)
def test_port_taken(scene: Scene) -> None:
    port = taken_port(scene, "UDP")
    scene.start(port=port).notices_failure(claims=b"listening")


@check(
    "core",
    "makes no memory error, whatever the size of the datagram",
    why="A datagram fills the buffer to its last byte, or has none at all: there is no place for a "
    "NUL then, and no last byte.",
    man=("recvfrom(2)",),
    guide="empty",
    needs=("test_keeps_serving",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    server = scene.serve("UDP")
    for number, size in enumerate((1, 127, 128, 129, 1024, 4096, 65_507, 0), start=1):
        scene.datagrams(f"client {number}").says(scene.bytes(size), address(server))
        exchanges(scene, server, scene.datagrams("another client"))
    server.program.has_no_memory_error()


@check(
    "craft",
    "echoes the largest datagrams whole",
    why="What does not fit the buffer is cut off and lost; a datagram over IPv4 has up to 65,507 "
    "bytes.",
    man=("recvfrom(2)", "udp(7)"),
    guide="large",
    needs=("test_exact_bytes",),
)
def test_largest(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    for size in (1_400, scene.random.randrange(60_000, 65_000), BIGGEST):
        data = scene.bytes(size)
        client.says(data, address(server))
        client.hears(data)


@check(
    "craft",
    "survives clients that have gone before its answer comes",
    why="The answer to a closed port comes back as an ICMP message, which may make a later call "
    "fail with ECONNREFUSED.",
    man=("udp(7)", "icmp(7)"),
    guide="rude-clients",
    needs=("test_keeps_serving",),
)
def test_survives_unreachable(scene: Scene) -> None:
    server = scene.serve("UDP")
    for number in range(1, 4):
        gone = scene.datagrams(f"client {number}")
        with server.program.paused():
            gone.says(scene.text(12).encode(), address(server))
            gone.close()
            scene.timeline.step(gone.name, "closes its socket")
    polite = scene.datagrams("client 4")
    for _ in range(3):
        exchanges(scene, server, polite)


@check(
    "craft",
    "survives a datagram that cannot be answered",
    why="A sender may give 0 as its port, and sendto to port 0 fails: if that ended the server, "
    "anybody could end it.",
    man=("sendto(2)", "udp(7)"),
    guide="rude-clients",
    needs=("test_keeps_serving",),
    private=True,
)
def test_survives_unanswerable(scene: Scene) -> None:
    server = scene.serve("UDP")
    data = scene.text(12).encode()
    scene.timeline.step("client 1", f"sends {count(len(data))} from port 0, which is no port")
    header = struct.pack("!4H", 0, server.port, 8 + len(data), 0)
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP) as raw:
        raw.sendto(header + data, address(server))
    exchanges(scene, server, scene.datagrams("client 2"))


@check(
    "craft",
    "makes a call again that a signal has interrupted",
    why="EINTR is no failure: a signal came first, and nothing was received or sent yet.",
    man=("signal(7)", "recvfrom(2)", "sendto(2)"),
    guide="rude-clients",
    needs=("test_keeps_serving",),
)
def test_interrupted(scene: Scene) -> None:
    server = scene.serve("UDP", faults="recv* EINTR on calls 1,3; send* EINTR once")
    client = scene.datagrams("client 1")
    for _ in range(2):
        exchanges(scene, server, client)
    server.program.still_runs()


@check(
    "craft",
    "waits in recvfrom for the next datagram, as long as it takes",
    why="A call that blocks costs nothing; waking up to look costs a little, for ever.",
    man=("recvfrom(2)",),
    guide="echo",
    needs=("test_keeps_serving",),
)
def test_waits(scene: Scene) -> None:
    server = scene.serve("UDP")
    waits_in(scene, server, READ, "recvfrom")
    exchanges(scene, server, scene.datagrams("client 1"))
    waits_in(scene, server, READ, "recvfrom")


@check(
    "craft",
    "answers 10,000 datagrams without growing",
    why="What a server keeps for each datagram, memory or a descriptor, it runs out of one day.",
    man=("close(2)", "getrlimit(2)", "proc(5)"),
    guide="echo",
    needs=("test_keeps_serving",),
)
def test_no_growth(scene: Scene) -> None:
    server = scene.serve("UDP")
    client = scene.datagrams("client 1")
    pid = server.program.program.pid
    data = scene.text(100).encode()
    client.exchanges(data, address(server), times=WARM)
    memory, descriptors = processes.memory(pid), len(processes.descriptors(pid))
    client.exchanges(data, address(server), times=MANY - WARM)
    server.program.step(f"has no more memory and descriptors than after {WARM:,} datagrams")
    grown = (processes.memory(pid) - memory) // KIB
    server.program.must(grown < 256, f"{memory // KIB:,} KiB of memory", f"{grown:,} KiB more")
    now = len(processes.descriptors(pid))
    server.program.must(now <= descriptors, count(descriptors, "open descriptor"), f"{now}")


@check(
    "craft",
    "reports a taken port in the standard form",
    why="Whoever starts a server reads its message: the call that failed, and the reason.",
    man=("bind(2)", "strerror(3)"),
    guide="bind",
    needs=("test_port_taken",),
)
def test_reports_port_taken(scene: Scene) -> None:
    port = taken_port(scene, "UDP")
    scene.start(port=port).reports("bind", "Address already in use")
