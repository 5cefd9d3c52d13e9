"""Outside text made harmless: names, and what students' programs made the checker say.

Each place such text goes to has its function here, and only here. They all begin with `shown`."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

LINE = 500
BLOCK = 4_000
"""In characters; what is longer is cut, and says so."""

_JOINERS = "\u200c\u200d"  # names in Persian or Hindi, and emoji, are spelt with them
_FORMULA = re.compile(r"(^\s*|[;|]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20].)")
_MARKS = re.compile(r"([\\`*_\[\]<>|~&#$])")
_COMMAND = re.compile(r"^(\s*):(?=:)", re.MULTILINE)


def shown(text: str) -> str:
    """Without anything that a terminal, an XML parser or a reader's eye would obey: control and
    escape characters, turned writing directions, bytes that are no UTF-8. They are spelt out, as
    in `\\x1b`; line ends stay."""
    text = text.replace("\r\n", "\n")
    if text.replace("\n", "").isprintable():
        return text
    return "".join(char if char.isprintable() else _spelt(char) for char in text)


def _spelt(char: str) -> str:
    code = ord(char)
    if char == "\n" or char in _JOINERS:
        return char
    if char == "\t" or unicodedata.category(char) == "Zs":
        return " "
    if 0xDC80 <= code <= 0xDCFF:  # Python's stand-in for a byte that is no UTF-8 (PEP 383)
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def block(text: str, limit: int = BLOCK) -> str:
    """As lines."""
    return shown(_cut(text, limit)).strip("\n")


def line(text: str, limit: int = LINE) -> str:
    """As one line."""
    return " ".join(shown(_cut(text, limit)).split())


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return f"{text[:limit]} … ({len(text) - limit:,} more characters)"


def table(rows: Iterable[Iterable[str | int]]) -> str:
    """CSV (RFC 4180, with Unix line ends). No cell starts a formula in a spreadsheet, also in one
    that splits at semicolons (OWASP, “CSV Injection”). Integers stay numbers."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(
        [cell if isinstance(cell, int) else _FORMULA.sub(r"\1'", line(cell)) for cell in row]
        for row in rows
    )
    return out.getvalue()


def words(text: str) -> str:
    """Markdown that shows the lab's own titles and sentences as they are."""
    return _MARKS.sub(r"\\\1", line(text))


def code(text: str) -> str:
    """A Markdown code span that its text cannot end."""
    text = line(text)
    fence = "`" * (_longest_run(text) + 1)
    gap = " " if "`" in text else ""
    return f"{fence}{gap}{text}{gap}{fence}"


def fenced(text: str, limit: int = BLOCK) -> str:
    """A Markdown code block that its text cannot end."""
    text = block(text, limit)
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def logged(text: str, limit: int = BLOCK) -> str:
    """For a log of GitHub Actions: no line of it is a workflow command, in neither spelling,
    `::name::` at a line's start or `##[name]` anywhere (actions/runner, `ActionCommand`)."""
    return _COMMAND.sub(r"\1: ", block(text, limit)).replace("##[", "# #[")


def command(name: str, title: str, text: str) -> str:
    """A workflow command of GitHub Actions, escaped as `@actions/core` does (“Workflow commands
    for GitHub Actions”)."""
    title = _percent(line(title)).replace(":", "%3A").replace(",", "%2C")
    return f"::{name} title={title}::{_percent(block(text))}"


def _percent(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
