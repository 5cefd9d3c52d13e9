"""The line `sent by [HOST:SERVICE]`, wherever the program has printed it."""

from __future__ import annotations

import re

from checker.subject import Subject
from checker.text import escape

SENT_BY = b"sent by ["
LINE = re.compile(rb"sent by \[[^\n]*:[^\n]*\]")
SHOWN = 120


def printed_line(program: Subject) -> bytes:
    """The first such line of its output; there must be one."""
    program.step("prints `sent by [HOST:SERVICE]`")
    out = bytes(program.program.stdout)
    found = LINE.search(out)
    program.must(found is not None, "a line `sent by [HOST:SERVICE]`", _end_of(program))
    return found[0] if found else b""


def is_signed(program: Subject, host: str, service: str | int) -> None:
    """It has exited with status 0, and printed that this host and service sent the reply."""
    program.succeeds()
    wanted = f"sent by [{host}:{service}]"
    program.step(f"prints `{wanted}`")
    found = LINE.search(bytes(program.program.stdout))
    got = f"`{escape(found[0])}`" if found else _end_of(program)
    program.must(got == f"`{wanted}`", f"`{wanted}`", got)


def _end_of(program: Subject) -> str:
    """What a failure shows of output without that line."""
    out = bytes(program.program.stdout)
    if not out:
        return f"nothing on standard output; {program.describe()}"
    return ("…" if len(out) > SHOWN else "") + f'"{escape(out[-SHOWN:])}"'
