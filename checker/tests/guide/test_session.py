"""A student's shell in a fresh copy of Loopback."""

from __future__ import annotations

import pytest

from checker.failure import CheckerError
from checker.guide.script import script
from checker.guide.session import session
from checker.guide.variants import find


def recorded(text: str, *programs: str) -> list[str]:
    return session([find(one, "") for one in programs], script(text)).splitlines()


def test_the_workspace_has_what_the_student_has_written() -> None:
    typed = "$ grep -c TODO work/01-gethostname/main.cpp work/02-getaddrinfo/main.cpp | head -1"
    assert recorded(typed, "01-gethostname") == [typed, "| work/01-gethostname/main.cpp:0"]


def test_without_programs_there_is_no_workspace_yet() -> None:
    typed = "$ ls work"
    assert recorded(typed) == [typed, "| ls: cannot access 'work': No such file or directory"]


def test_only_commands_can_be_typed() -> None:
    with pytest.raises(CheckerError, match="commands are all that can be typed"):
        recorded("$ cat\n> hello")
