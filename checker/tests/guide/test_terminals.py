"""Terminals in an arena, at which scripts are typed."""

from __future__ import annotations

import os

import pytest

from checker.arena import Arena
from checker.failure import CheckerError
from checker.guide import studio, terminals
from checker.guide.script import BrokenScriptError, parse, script
from checker.guide.terminals import Terminals
from checker.guide.variants import find

needs_arena = pytest.mark.usefixtures("private_arena")


def recorded(text: str) -> list[str]:
    return studio.transcript([find("10-tcp-server", "")], script(text)).splitlines()


@needs_arena
def test_what_appears_stands_after_what_was_typed_at_whichever_terminal() -> None:
    text = (
        "server$ ./10-tcp-server 58001\nclient$ nc -N tejo.tecnico.ulisboa.pt 58001\n"
        "client> Hello!\nclient> ^D\nserver> ^C\nserver$ echo $?\n"
    )
    told = text.replace("> Hello!\n", "> Hello!\nclient| Hello!\n") + "server| 130\n"
    assert recorded(text) == told.splitlines()


@needs_arena
@pytest.mark.skipif(os.getuid() != 0, reason="only root can record tcpdump")
def test_packets_may_be_captured_by_who_has_the_rights_and_by_nobody_else() -> None:
    text = "root# tcpdump -l -i lo udp\nuser$ nc -u localhost 9\nuser> hi\nuser> ^C\n"
    lines = recorded(text + "user$ tcpdump -i lo\n")
    assert any(line.startswith("root|") and "UDP, length 3" in line for line in lines)
    assert any(line.startswith("user|") and "permission" in line for line in lines)


def test_who_cannot_capture_packets_does_not_record_that_there_are_none() -> None:
    with pytest.raises(CheckerError, match="only root can record that"):
        Terminals(
            Arena(private=True, hostname="x"), {}, script("root# tcpdump -i lo 2> /dev/null\n")
        )


@needs_arena
def test_a_command_that_does_not_end_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminals, "LONGEST", 1.0)
    with pytest.raises(CheckerError, match="what runs before “\\$ true” does not end"):
        recorded("$ ./10-tcp-server 58001\n$ true\n")


def test_a_script_reads_as_it_was_written() -> None:
    lines = parse("a$ b  c\n\na> ^C\na|\nroot# x\n")
    assert [str(line) for line in lines] == ["a$ b  c", "a> ^C", "a|", "root# x"]


@pytest.mark.parametrize("text", ["", "hello", "> typed at nothing", "$ a\n| appeared"])
def test_what_is_no_script_is_refused(text: str) -> None:
    with pytest.raises(BrokenScriptError):
        script(text)
