"""Text of strangers, made harmless to look at: what would act, or hide, becomes a visible sign."""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but not the tab and the line's end
    "\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, the marks that turn the direction of writing, what has no width, and halves of pairs
that no encoding has. The joiners U+200C and U+200D stay: names are written with them."""


def visible(text: str) -> str:
    """The text with a sign for each character that would act or hide; tabs and lines stay."""
    return _HIDDEN.sub(lambda found: _sign(ord(found.group())), text)


def line(text: str, most: int = 300) -> str:
    """One line of at most so many characters, and how many more there were."""
    more = len(text) - most
    shown = text[:most].replace("\n", "␊").replace("\t", " ")
    return shown if more <= 0 else f"{shown}… ({more:,} more characters)"


def _sign(code: int) -> str:
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"[U+{code:04X}]"
