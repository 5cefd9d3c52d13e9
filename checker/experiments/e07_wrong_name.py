"""A wrong name and a wrong port: which call tells?"""

from __future__ import annotations

from typing import Literal

from checker.experiments.model import Evidence, Fact
from checker.experiments.seen import first_error, made, took
from checker.scene import Scene
from checker.subject import Subject

Outcome = Literal["lookup-connect", "connect-both", "unnoticed"]


def play(scene: Scene) -> Evidence:
    port, host = scene.port(), scene.host()
    scene.timeline.step("nobody", "has the name that comes first now")
    name = scene.start(host=scene.unknown_host(), port=port)
    name.exits()
    scene.timeline.step("nobody", f"has TCP port {port} of {host.name}")
    wrong_port = scene.start(host=host.name, port=port)
    wrong_port.exits()
    wrong_port.must(bool(made(wrong_port, ("connect",))), "a call of connect", name.describe())
    facts: dict[str, Fact] = {}
    for what, program in (("name", name), ("port", wrong_port)):
        facts |= _failed(f"wrong {what}: ", program)
    outcome: Outcome = "lookup-connect"
    if not first_error(wrong_port, ("connect",)):
        outcome = "unnoticed"
    elif made(name, ("connect",)):
        outcome = "connect-both"
    return Evidence(outcome, facts)


def _failed(prefix: str, program: Subject) -> dict[str, Fact]:
    failed = first_error(program, ("getaddrinfo", "connect"))
    facts: dict[str, Fact] = {"the call that failed": "none that the lab sees"}
    if failed:
        error = "result" if failed.call == "getaddrinfo" else "errno"
        facts = {
            "the call that failed": failed.call,
            error: failed.error,
            "time until it failed": took(failed),
        }
    facts["the program"] = program.describe()
    return {prefix + name: value for name, value in facts.items()}
