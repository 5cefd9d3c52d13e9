"""Where a reply ends: does a NUL say so, or the count?"""

from __future__ import annotations

import socket
from typing import Literal

from checker.checks.question import AskedServer
from checker.experiments.model import Evidence, Fact
from checker.failure import CheckFailed
from checker.scene import Scene
from checker.text import count, describe, escape

Outcome = Literal["count", "own-nul", "nobody"]
PLAIN, WITH_NUL = b"Hi!", b"ab\0cd"
PREFIX = b"echo: "
FILLED = 0xEE


def play(scene: Scene) -> Evidence:
    server = AskedServer(scene)
    plain, with_nul = (_printed(server, reply) for reply in (PLAIN, WITH_NUL))
    facts: dict[str, Fact] = {
        "reply 1": describe(PLAIN),
        "printed of it": describe(plain),
        "reply 2": describe(WITH_NUL),
        "printed of that": describe(with_nul),
        "a buffer of the lab's before": escape(bytes([FILLED] * 5)),
        "and with reply 1 in it": escape(_in_a_full_buffer(PLAIN)),
    }
    return Evidence(_outcome(plain, with_nul), facts)


def _outcome(plain: bytes, with_nul: bytes) -> Outcome:
    if plain != PLAIN:
        return "nobody"
    if with_nul == WITH_NUL:
        return "count"
    if with_nul == WITH_NUL.partition(b"\0")[0]:
        return "own-nul"
    raise CheckFailed(f"{describe(WITH_NUL)}, or what stands before its NUL", describe(with_nul))


def _printed(server: AskedServer, reply: bytes) -> bytes:
    """What it prints of that reply; a line end behind it is the program's own."""
    program = server.is_asked()
    server.answers(reply)
    program.exits()
    out = bytes(program.program.stdout)
    program.step(f"prints the reply of {count(len(reply))}")
    program.must(out.startswith(PREFIX), "`echo: ` and the reply", describe(out))
    return out.removeprefix(PREFIX).removesuffix(b"\n")


def _in_a_full_buffer(data: bytes) -> bytes:
    """What recvfrom(2) makes of a buffer in which every byte was set before."""
    buffer = bytearray([FILLED] * 5)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mailbox:
        mailbox.bind(("127.0.0.1", 0))
        mailbox.sendto(data, mailbox.getsockname())
        mailbox.recvfrom_into(buffer)
    return bytes(buffer)
