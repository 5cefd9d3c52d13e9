"""A reply that is longer than the question: how many bytes does one call give?"""

from __future__ import annotations

from typing import Literal

from checker.checks.question import AskedServer
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, made
from checker.scene import DEFAULT_MESSAGE, Scene

Outcome = Literal["whole", "cut"]
REPLY = 1000
"""Bytes: more than every textbook's buffer, and one Ethernet frame holds them."""
PREFIX = b"echo: "


def play(scene: Scene) -> Evidence:
    server = AskedServer(scene)
    program = server.is_asked()
    server.answers(scene.text(REPLY - 1).encode() + b"\n")
    program.exits()
    received = [call for call in made(program, RECEIVES) if not call.error]
    program.step("has received the reply")
    program.must(bool(received), "a call that received the reply", program.describe())
    first = received[0]
    facts: dict[str, Fact] = {
        "bytes of the question": len(DEFAULT_MESSAGE),
        "bytes of the reply": REPLY,
        f"room that {first.call} was given": first.size,
        f"what {first.call} returned": first.result or 0,
        "bytes printed": len(program.program.stdout.removeprefix(PREFIX)),
    }
    outcome: Outcome = "whole" if first.result == REPLY else "cut"
    return Evidence(outcome, facts, first.result)
