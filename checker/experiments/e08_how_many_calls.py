"""One message, many calls: how often does the program have to read?"""

from __future__ import annotations

from typing import Literal

from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, SENDS, over_the_wire
from checker.scene import Scene

Outcome = Literal["each", "fewer", "more"]
MESSAGE = "Hello again!"
PIECES = 5
AT_MOST = 4
"""Bytes that each call which sends is let take."""
PREFIX = b"echo: "


def play(scene: Scene) -> Evidence:
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    faults = f"send* short {AT_MOST}"
    program = scene.start(host=host.name, port=port, message=MESSAGE, faults=faults)
    server = listener.accepts()
    message = MESSAGE.encode()
    server.hears(message)
    cuts = sorted(scene.random.sample(range(1, len(message)), PIECES - 1))
    pieces = zip([0, *cuts], [*cuts, len(message)], strict=True)
    server.drips(message[start:end] for start, end in pieces)
    server.ends()
    program.exits()
    reads, writes = (
        [call.result for call in over_the_wire(program, names) if (call.result or 0) > 0]
        for names in (RECEIVES, SENDS)
    )
    facts: dict[str, Fact] = {
        "bytes of the message": len(message),
        "calls that wrote it": len(writes),
        "bytes that each took": " ".join(map(str, writes)),
        "pieces of the echo": PIECES,
        "calls that read it": len(reads),
        "bytes that each gave": " ".join(map(str, reads)),
        "bytes printed": len(program.program.stdout.removeprefix(PREFIX)),
    }
    outcome: Outcome = "each"
    if len(reads) != PIECES:
        outcome = "fewer" if len(reads) < PIECES else "more"
    return Evidence(outcome, facts, len(reads))
