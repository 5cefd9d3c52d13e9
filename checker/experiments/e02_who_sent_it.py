"""A reply from somebody who was not asked: whom does the program name?"""

from __future__ import annotations

from typing import Literal

from checker.checks.question import AskedServer, stranger
from checker.checks.signature import LINE
from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import RECEIVES, made, rests_in, written
from checker.scene import Scene
from checker.text import escape

Outcome = Literal["sender", "asked", "not-taken", "nobody"]


def play(scene: Scene) -> Evidence:
    server = AskedServer(scene)
    other = stranger(scene, "somebody else", scene.address())
    program = server.is_asked()
    other.says(b"It was me!\n", server.asker)
    waits = rests_in(scene, program)
    found = LINE.search(bytes(program.program.stdout))
    line = found[0].decode(errors="replace") if found else ""
    asked, sender = (f"{host}:{port}" for host, port in (server.peer.address(), other.address()))
    facts: dict[str, Fact] = {"asked": asked, "reply from": sender}
    if told := [call.text for call in made(program, RECEIVES) if "from" in call.text]:
        facts["what recvfrom told"] = told[-1]
    if waits:
        facts["waits in"] = written(waits)
    facts["printed"] = escape(line.encode()) or "no `sent by [HOST:SERVICE]`"
    names_asked = asked in line or f"[{server.host.name}:" in line
    outcome: Outcome = "asked" if names_asked else "nobody"
    if f"[{sender}]" in line:
        outcome = "sender"
    elif waits:
        outcome = "not-taken"
    return Evidence(outcome, facts)
