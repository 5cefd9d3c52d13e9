"""A datagram to a port that nobody has: is the client told?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from checker.clock import SILENCE
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import READ, RECEIVES, SENDS, first_error, settles
from checker.scene import Scene

Outcome = Literal["waits", "refused", "send-fails", "gives-up"]


def play(scene: Scene) -> Evidence:
    host, port = scene.host(), scene.port()
    scene.timeline.step("nobody", f"has UDP port {port} of {host.name}")
    program = scene.start(host=host.name, port=port)
    waiting = settles(scene, program, READ)
    refused = first_error(program, RECEIVES)
    unsent = first_error(program, SENDS)
    outcome: Outcome = "gives-up"
    if waiting:
        outcome = "waits"
    elif unsent:
        outcome = "send-fails"
    elif refused:
        outcome = "refused"
    facts: dict[str, Fact] = {"the port asked": port, "datagrams that found no port": no_ports()}
    if waiting:
        facts["the call that it waits in"] = waiting.call
        facts["time without an answer, in s"] = SILENCE
    elif failed := unsent or refused:
        facts["the call that failed"] = failed.call
        facts["errno"] = failed.error
        facts["time until the error, in s"] = round((failed.returned or 0) - failed.entered, 6)
    facts["the program"] = program.describe()
    return Evidence(outcome, facts)


def no_ports() -> int:
    """Datagrams that came to a port of this network which nobody has; for each the kernel has an
    ICMP message (port unreachable) sent back (proc(5), net/snmp)."""
    lines = Path("/proc/thread-self/net/snmp").read_text().splitlines()
    names, values = (line.split() for line in lines if line.startswith("Udp:"))
    return int(values[names.index("NoPorts")])
