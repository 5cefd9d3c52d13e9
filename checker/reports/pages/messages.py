"""Reasons without what differs from run to run, so that equal ones can be counted."""

from __future__ import annotations

import re

from checker.reports.pages.visible import line

MOST = 120
"""Characters of a message that are compared, and shown."""
_LONGEST = 2000
OTHER = "something other than what was expected"
"""Where nothing but stand-ins would be left."""

_STAND_INS = (
    (re.compile(r'"(?:[^"\\]|\\.)*"…?'), "“…”"),
    (re.compile(r"`[^`]*`"), "`…`"),
    (re.compile(r"\[[0-9a-f:]*:[0-9a-f:.]*\](:\d+)?"), "ADDRESS"),
    (re.compile(r"\b\d+(?:\.\d+){3}(:\d+)?\b"), "ADDRESS"),
    (re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.test(:\d+)?\b"), "HOST"),
    (re.compile(r"(?<![\w-])(?<!status )(?<!signal )\d[\d,]+(?:\.\d+)?(?![\w-])"), "N"),
)
"""What varies with the seed: bytes, addresses, names, and numbers of more than one digit. The
status and the signal of a program that ended say what went wrong, and stay."""


_SAYS_NOTHING = re.compile(r"(N|HOST|ADDRESS|\d|bytes?|[^\w])*")


def normalised(message: str) -> str:
    """Its first line, with stand-ins."""
    text = message.partition("\n")[0][:_LONGEST]
    for varying, stand_in in _STAND_INS:
        text = varying.sub(stand_in, text)
    return OTHER if _SAYS_NOTHING.fullmatch(text) else line(text, MOST)
