"""Bytes as a student can read them: escaped, and cut around the first difference."""

from __future__ import annotations

import shlex

WINDOW = 36
LEAD = 12

_NAMED = {0x00: r"\0", 0x09: r"\t", 0x0A: r"\n", 0x0D: r"\r", 0x1B: r"\e", 0x22: r"\"", 0x5C: r"\\"}
_SPELLED = {byte: f"\\x{byte:02x}" for byte in range(256) if not 0x20 <= byte < 0x7F} | _NAMED


def escape(data: bytes) -> str:
    """The bytes as a C string literal would spell them, without the quotes."""
    return data.decode("latin-1").translate(_SPELLED)


def plain(text: str) -> str:
    """The text without anything that a terminal would obey; line ends and tabs stay."""
    return "".join(char if char.isprintable() or char in "\n\t" else "?" for char in text)


def show(data: bytes, start: int = 0) -> str:
    """At most WINDOW bytes from `start`, quoted; an ellipsis stands for what was cut."""
    head = "…" if start else ""
    tail = "…" if len(data) > start + WINDOW else ""
    return f'{head}"{escape(data[start : start + WINDOW])}"{tail}'


def count(number: int, noun: str = "byte") -> str:
    """`1 byte`, `2 bytes`, `1,400 bytes`."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def describe(data: bytes) -> str:
    """Size and beginning of a payload: `128 bytes, "Qx…"…`."""
    return f"{count(len(data))}, {show(data)}" if data else "0 bytes"


def command_line(words: list[str]) -> str:
    """A command as one would type it; what is long or odd is shown as bytes are."""
    return " ".join(
        word if shlex.quote(word) == word and len(word) <= 2 * WINDOW else show(word.encode())
        for word in words
    )


def compare(expected: bytes, got: bytes) -> tuple[str, str]:
    """Both payloads cut around their first difference, a caret under the first wrong byte of the
    second."""
    first = next(
        (i for i, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b),
        min(len(expected), len(got)),
    )
    start = max(0, first - LEAD)
    before = len('…"' if start else '"') + len(escape(got[start:first]))
    where = f"first difference at byte {first:,}"
    if first == len(got):
        where = f"it ends here, after {count(len(got))}"
    elif first == len(expected):
        where = f"more than expected, from byte {first:,} on"
    return (
        f"{count(len(expected))}\n{show(expected, start)}",
        f"{count(len(got))}\n{show(got, start)}\n{' ' * before}^ {where}",
    )
