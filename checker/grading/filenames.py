"""A file name for each student: one that any file system takes, and that no other student has."""

from __future__ import annotations

import re

LONGEST = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows the dot."""


def unique_names(ids: list[str]) -> list[str]:
    """In the order of the ids. Names that differ only in case are the same to some systems."""
    taken: set[str] = set()
    names = []
    for each in ids:
        plain = _plain(each)
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _plain(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text)[:LONGEST].strip("-.") or "student"
    return f"{name}_" if _RESERVED.fullmatch(name) else name
