"""Names that strangers gave their files: made harmless, and never two of them made one."""

from __future__ import annotations

import re

from checker.source import HEADERS, SOURCES

LONGEST = 255
DEEPEST = 32
UNSAFE = set("\\<>&\"'`|")
"""What HTML, Markdown or a shell would obey."""
UNSAFE_FIRST = set("-@=+")
"""What a command or a spreadsheet would obey at the start of a word."""
SHOWN = 120
MANIFEST = "manifest.json"
PACKED = (".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".7z", ".rar")
MADE = {"__MACOSX", "CMakeFiles", "build", "__pycache__", "node_modules"}
"""Folders that programs make; hidden ones count among them."""


class RefusedNameError(Exception):
    """A clause: what is wrong with the name."""


def tidy(name: str) -> str:
    """The path inside the submission, with plain file names between its slashes.

    A character that is not printable, or that a page, a shell or a spreadsheet would obey, is
    written as the bytes of its UTF-8 form, `\\x1b`; as no other name has a backslash, two names
    stay two. RefusedNameError for a path that leads out of the submission, or has no end."""
    if name.startswith("/") or re.match(r"[A-Za-z]:[/\\]", name):
        raise RefusedNameError("an absolute path")
    parts = [readable(part) for part in name.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise RefusedNameError("a path with `..`")
    if not parts or len(parts) > DEEPEST or any(len(part.encode()) > LONGEST for part in parts):
        raise RefusedNameError("a name that no file system takes")
    return "/".join(parts)


def readable(part: str) -> str:
    """One file name, harmless as `tidy` tells."""
    return "".join(
        char
        if char.isprintable() and char not in UNSAFE and not (place == 0 and char in UNSAFE_FIRST)
        else "".join(f"\\x{byte:02x}" for byte in char.encode(errors="surrogateescape"))
        for place, char in enumerate(part)
    )


def shown(name: str) -> str:
    """Any name, for a message: in one line, and of a long one the end."""
    safe = "/".join(readable(part) for part in name.split("/")) or "?"
    return safe if len(safe) <= SHOWN else f"…{safe[1 - SHOWN :]}"


def is_source(path: str) -> bool:
    return path.endswith(tuple(SOURCES))


def is_wanted(path: str) -> bool:
    """Sources, headers and manifests."""
    name = path.rpartition("/")[2]
    return name == MANIFEST or name.endswith(tuple(SOURCES | HEADERS))


def is_packed(path: str) -> bool:
    return path.casefold().endswith(PACKED)


def is_made_by_programs(path: str) -> bool:
    """Hidden files, version control, build products, what macOS adds."""
    return any(part.startswith((".", "cmake-build-")) or part in MADE for part in path.split("/"))
