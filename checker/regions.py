"""The marked regions of a solution, of which skeletons and the guide's code are made.

//> 2 echo                 opens region `echo`, the skeleton's TODO 2
//| What to do, and which call to look up.
//+ (void)client;          a line that only the skeleton has
…                          code that only the solution has
//<                        closes it
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN = re.compile(r"^(\s*)//> (\d+) ([a-z0-9-_]+)$")
_MARK = re.compile(r"^\s*//[>|+<]( |$)")


class BrokenRegionError(Exception):
    """Names the line."""


@dataclass
class Region:
    """`indent`: of its marks; `says`: the TODO's lines; `stand_in`: the skeleton's code."""

    number: int
    name: str
    indent: str
    says: list[str]
    stand_in: list[str]
    code: list[str]


def parse(source: str) -> list[str | Region]:
    """The lines of a solution, with each region in the place of its lines."""
    parts: list[str | Region] = []
    region: Region | None = None
    for number, line in enumerate(source.splitlines(), start=1):
        text = line.strip()
        opening = _OPEN.match(line)
        if opening and region is None:
            region = Region(int(opening[2]), opening[3], opening[1], [], [], [])
        elif (_MARK.match(line) and region is None) or opening:
            raise BrokenRegionError(f"line {number}: “{text}” does not belong here")
        elif region is None:
            parts.append(line)
        elif text.startswith("//|"):
            region.says.append(text[3:].strip())
        elif text.startswith("//+"):
            region.stand_in.append(text[3:].strip())
        elif text == "//<":
            parts.append(region)
            region = None
        else:
            region.code.append(line)
    if region is not None:
        raise BrokenRegionError(f"region “{region.name}” is never closed")
    return parts


def clean(source: str) -> str:
    """The solution without its marks, as a student may read it."""
    return "\n".join(line for line in source.splitlines() if not _MARK.match(line)) + "\n"


def skeleton(source: str) -> str:
    """The solution with each region's code replaced by its TODO."""
    lines: list[str] = []
    for part in parse(source):
        if isinstance(part, str):
            lines.append(part)
            continue
        lead = f"{part.indent}// TODO {part.number}: "
        for index, said in enumerate(part.says):
            lines.append((lead if index == 0 else f"{part.indent}// ") + said)
        lines += [part.indent + code for code in part.stand_in]
    return "\n".join(lines) + "\n"
