"""What is typed at which terminal, and what appeared there: the text form of a transcript.

server$ ./10-tcp-server 58001     a command, typed at the terminal `server`
client> Hello!                    a line that the program there reads; `^C` and `^D` are keys
client| Hello!                    what appeared, in a recording
root# tcpdump -i lo               a command of who may capture packets
$ ss -tln                         a terminal may have no name, if it is the only one"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["$", "#", ">", "|"]
_LINE = re.compile(r"([a-z0-9-]*)([$#>|])(?: (.*))?")
KEYS = {"^C": "\x03", "^D": "\x04", "^Z": "\x1a", "^\\": "\x1c"}


class BrokenScriptError(Exception):
    """Names the line."""


@dataclass(frozen=True)
class Line:
    """`terminal`: its name; `kind`: `$` or `#` a command, `>` what was typed, `|` what appeared."""

    terminal: str
    kind: Kind
    text: str

    def __str__(self) -> str:
        return f"{self.terminal}{self.kind} {self.text}".rstrip()

    @property
    def is_command(self) -> bool:
        return self.kind in "$#"


def parse(text: str) -> list[Line]:
    """A script or a recording; BrokenScriptError for what is neither."""
    return [_parsed(line) for line in text.splitlines() if line.strip()]


def script(text: str) -> list[Line]:
    """What is to be typed: it begins with a command, and has nothing that appeared."""
    lines = parse(text)
    if not lines or not lines[0].is_command or any(line.kind == "|" for line in lines):
        raise BrokenScriptError("a script is commands (`$ …`) and what is typed then (`> …`)")
    return lines


def terminals(lines: list[Line]) -> list[str]:
    """Their names, in the order in which they appear."""
    return list(dict.fromkeys(line.terminal for line in lines))


def written(lines: list[Line]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _parsed(line: str) -> Line:
    found = _LINE.fullmatch(line)
    if found is None:
        raise BrokenScriptError(f"“{line}” is none of `$ …`, `# …`, `> …` and `| …`")
    kind: Kind = found[2]  # type: ignore[assignment]  # as the pattern has it
    return Line(found[1], kind, found[3] or "")
