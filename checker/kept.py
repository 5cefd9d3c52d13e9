"""Folders in which what was used last is kept."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def beyond(number: int, folder: Path) -> list[tuple[float, Path]]:
    """All in the folder but so many that were used last, and when each was used, in seconds since
    the epoch. What another process removes meanwhile is not there."""
    found: list[tuple[float, Path]] = []
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    return sorted(found, reverse=True)[number:]
