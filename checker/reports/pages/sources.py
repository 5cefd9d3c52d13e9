"""A student's files, line by line, with what the compiler said of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rich.text import Text

from checker.reports.pages.visible import line

MOST_LINES = 3000
"""Of all files of one task."""
MOST_SAID = 200
"""Lines of the compiler."""
WIDEST = 500
"""Characters of one line."""

_PLACE = re.compile(r"(?P<file>[^\s:][^:\n]*):(?P<number>\d+)(?::\d+)?: ")


@dataclass(frozen=True)
class Line:
    """`anchor`: its name in the page, where the compiler speaks of it, or ""."""

    text: str
    anchor: str


@dataclass(frozen=True)
class File:
    """`lines` of `total`; the others had no room."""

    name: str
    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Said:
    """A line of the compiler; `place` is the anchor of the line that it speaks of, or ""."""

    text: str
    place: str


@dataclass(frozen=True)
class Listing:
    """`more`: lines of the compiler that had no room."""

    files: list[File]
    said: list[Said]
    more: int


def listing(task: str, sources: dict[str, str], diagnostics: str) -> Listing:
    """`task`: its slug, with which all anchors begin."""
    room, texts = MOST_LINES, dict[str, list[str]]()
    totals = dict[str, int]()
    for name, source in sources.items():
        lines = source.replace("\r\n", "\n").removesuffix("\n").split("\n")
        texts[name], totals[name] = lines[:room], len(lines)
        room -= len(texts[name])
    said, anchors, more = _said(task, texts, diagnostics)
    files = [
        File(
            name,
            [
                Line(line(text, WIDEST), anchors.get((name, number), ""))
                for number, text in enumerate(lines, start=1)
            ],
            totals[name],
        )
        for name, lines in texts.items()
    ]
    return Listing(files, said, more)


def _said(
    task: str, texts: dict[str, list[str]], diagnostics: str
) -> tuple[list[Said], dict[tuple[str, int], str], int]:
    """The compiler names a file by its path, and the listing by its name."""
    order = {name: number for number, name in enumerate(texts, start=1)}
    lines = Text.from_ansi(diagnostics.rstrip()).plain.split("\n") if diagnostics.strip() else []
    anchors: dict[tuple[str, int], str] = {}
    said = []
    for text in lines[:MOST_SAID]:
        place = ""
        if found := _PLACE.match(text):
            name, number = found["file"], int(found["number"][:9])
            name = name if name in texts else name.rpartition("/")[2]
            if 0 < number <= len(texts.get(name, [])):
                place = anchors.setdefault((name, number), f"{task}-{order[name]}-{number}")
        said.append(Said(line(text, WIDEST), place))
    return said, anchors, max(0, len(lines) - MOST_SAID)
