"""What every TCP echo server owes a client, however many it serves at a time."""

from __future__ import annotations

from signal import SIGTERM
from typing import TYPE_CHECKING

from checker import processes

if TYPE_CHECKING:
    from checker.peers.stream import Stream
    from checker.scene import Scene, Server

TURNS = 200
"""Clients in turn after which a forgotten close shows."""


def exchanges(scene: Scene, client: Stream) -> None:
    """The client says a word that nobody can guess, and hears it."""
    word = scene.text(12).encode()
    client.says(word)
    client.hears(word)


def leaves(client: Stream) -> None:
    """The client ends in order, and so does the server."""
    client.ends()
    client.hears_end()
    client.closes()


def echoes(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    line = scene.text(24).encode() + b"\n"
    client.says(line)
    client.hears(line)


def exact_bytes(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    for size in (129, 128, 1, 5):
        data = scene.text(size).encode()
        client.says(data)
        client.hears(data)
    client.hears_nothing()


def binary(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    for data in (b"\0" + scene.bytes(20), b"%s%n%" + scene.bytes(8), b"ab\0cd\0"):
        client.says(data)
        client.hears(data)


def any_segmentation(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    data = scene.bytes(400)
    cuts = sorted(scene.random.sample(range(1, 400), 60))
    client.dribbles(data[a:b] for a, b in zip([0, *cuts], [*cuts, 400], strict=True))
    client.hears(data)
    more = scene.bytes(100_000)
    client.says_and_hears(more, more)


def half_close(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    data = scene.bytes(scene.random.randrange(20_000, 40_000))
    client.says(data)
    client.ends()
    client.hears(data)
    client.hears_end()


def no_descriptor_leak(scene: Scene) -> None:
    """In the process that was started, whatever its children hold."""
    server = scene.serve("TCP")
    before = 0
    for number in range(TURNS):
        client = scene.connect(server, "a client")
        client.says(b"%d" % number)
        client.hears(b"%d" % number)
        leaves(client)
        if number == 0:
            before = len(processes.descriptors(server.program.program.pid))
    holds_no_more(server, before, "its first client")


def holds_no_more(server: Server, before: int, since: str) -> None:
    """No more descriptors are open than the `before` that there were after `since`."""
    server.program.step(f"has no more descriptors open than after {since}")
    after = len(processes.descriptors(server.program.program.pid))
    server.program.must(after <= before + 1, f"{before} open descriptors", f"{after}")


def without_stdin(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP", stdin="ended"))
    word = scene.text(16).encode()
    client.says(word)
    client.hears(word)


def memory(scene: Scene) -> None:
    """In the sanitised build."""
    server = scene.serve("TCP")
    client = scene.connect(server)
    for size in (1, 127, 128, 129, 1024, 4096, 16384, 65536):
        data = scene.bytes(size)
        client.says_and_hears(data, data)
    client.ends()
    client.hears_end()
    server.program.has_no_memory_error()


def survives_reset(scene: Scene) -> None:
    server = scene.serve("TCP")
    for _ in range(3):
        rude = scene.connect(server)
        exchanges(scene, rude)
        rude.resets()
    exchanges(scene, scene.connect(server))


def survives_unread_echo(scene: Scene) -> None:
    server = scene.serve("TCP")
    for _ in range(2):
        rude = scene.connect(server)
        with server.program.paused():
            rude.says(scene.bytes(60_000))
            rude.closes()
        rude = scene.connect(server)
        rude.fill()
        rude.resets()
    exchanges(scene, scene.connect(server))
    server.program.still_runs()


def restarts(scene: Scene) -> None:
    server = scene.serve("TCP")
    client = scene.connect(server)
    client.says(b"one")
    client.hears(b"one")
    server.program.stops_on(SIGTERM)
    client.hears_end()
    client.closes()
    scene.serve("TCP", port=server.port)


def bulk(scene: Scene) -> None:
    client = scene.connect(scene.serve("TCP"))
    client.streams(scene.bytes(1 << 16), times=1024)
    client.ends()
    client.hears_end()


def short_calls(scene: Scene) -> None:
    """Each read and each write moves only a few bytes, as a full buffer or a signal may have it."""
    few, fewer = scene.random.randrange(5, 9), scene.random.randrange(1, 5)
    server = scene.serve("TCP", faults=f"recv* short {few}; send* short {fewer}")
    client = scene.connect(server)
    data = scene.bytes(200)
    client.says(data)
    client.ends()
    client.hears(data)
    client.hears_end()


def interrupted(scene: Scene, others: str = "accept* EINTR once") -> None:
    """Signals interrupt its reads and writes, and `others`: rules for more calls than these."""
    rules = f"recv* EINTR on calls 1,3; send* EINTR on calls 1,3; {others}"
    server = scene.serve("TCP", faults=rules)
    for _ in range(2):
        client = scene.connect(server)
        exchanges(scene, client)
        leaves(client)
    server.program.still_runs()


def aborted(scene: Scene) -> None:
    """A client has gone before it is accepted."""
    server = scene.serve("TCP", faults="accept* ECONNABORTED once")
    exchanges(scene, scene.connect(server))
