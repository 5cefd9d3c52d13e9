"""A datagram to a port that nobody has: is the client told?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from checker.clock import SILENCE
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, SENDS, failure, first_error, rests_in, written
from checker.scene import Scene
from checker.subject import Subject

Outcome = Literal["waits", "refused", "send-fails", "gives-up"]


def play(scene: Scene) -> Evidence:
    host, port = scene.host(), scene.port()
    scene.timeline.step("nobody", f"has UDP port {port} of {host.name}")
    program = scene.start(host=host.name, port=port)
    waits = rests_in(scene, program)
    refused, unsent = first_error(program, RECEIVES), first_error(program, SENDS)
    astray = no_ports()
    program.must(bool(astray or unsent), f"a datagram to port {port}", program.describe())
    facts: dict[str, Fact] = {"port asked": port, "datagrams that found no port": astray}
    if waits:
        facts |= {"waits in": written(waits), "time without an answer": SILENCE}
    if limits := _limits(program):
        facts["its own limit"] = limits
    if failed := unsent or refused:
        facts |= failure(failed)
    facts["the program"] = program.describe()
    outcome: Outcome = "gives-up"
    if waits and not limits:
        outcome = "waits"
    elif unsent:
        outcome = "send-fails"
    elif refused and refused.error == "ECONNREFUSED":
        outcome = "refused"
    return Evidence(outcome, facts)


def _limits(program: Subject) -> str:
    """How long a call that receives may wait, where the program has said so (socket(7))."""
    options = [call.text for call in program.recording().calls("setsockopt")]
    return ", ".join(text for text in options if "SO_RCVTIMEO" in text)


def no_ports() -> int:
    """Datagrams that came to a port of this network which nobody has; for each the kernel has an
    ICMP message (port unreachable) sent back (proc(5), net/snmp)."""
    lines = Path("/proc/thread-self/net/snmp").read_text().splitlines()
    names, values = (line.split() for line in lines if line.startswith("Udp:"))
    return int(values[names.index("NoPorts")])
