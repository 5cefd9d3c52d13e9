"""The port that a UDP client sends from: who has chosen it?"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from checker.checks.question import AskedServer
from checker.experiments.model import Evidence, Fact
from checker.scene import Scene
from checker.subject import Subject

Outcome = Literal["system", "server", "own"]
STARTS = 2


def play(scene: Scene) -> Evidence:
    server = AskedServer(scene)
    ports, binds = [], []
    for _ in range(STARTS):
        program = server.is_asked()
        server.answers(b"Hello yourself!\n")
        program.exits()
        ports.append(server.asker[1])
        binds += _own_ports(program)
    lowest, highest = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    facts: dict[str, Fact] = {"the server's port": server.port}
    facts |= {f"the client's, start {number}": port for number, port in enumerate(ports, start=1)}
    facts["net.ipv4.ip_local_port_range"] = f"{lowest} {highest}"
    facts["calls of bind with a port"] = len(binds)
    outcome: Outcome = "own"
    if not binds and all(lowest <= port <= highest for port in ports):
        outcome = "system"
    elif set(ports) == {server.port}:
        outcome = "server"
    return Evidence(outcome, facts)


def _own_ports(program: Subject) -> list[str]:
    """What it has put into bind; port 0 leaves the choice to the system (ip(7))."""
    texts = [call.text for call in program.recording().calls("bind")]
    return [text for text in texts if not text.endswith(":0")]
