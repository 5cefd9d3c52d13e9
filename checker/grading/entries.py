"""One thing in a folder or an archive: the common form that the gate looks at."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Entry:
    """`name`: as it is written there, slashes between folders. `kind`: `file`, `folder`, or what
    else it is, as a noun. `size`: bytes, as claimed there; `read` gives no more than that.
    `changed`: seconds since the epoch; None where only the stranger's own word would tell."""

    name: str
    kind: str
    size: int
    read: Callable[[], bytes]
    changed: float | None = None


def of_file(path: Path, name: str) -> Entry:
    """A file on disk, or whatever has its name; links are not followed."""
    status = path.lstat()

    def read() -> bytes:
        with path.open("rb") as file:
            return file.read(status.st_size)

    return Entry(name, kind_of(status.st_mode), status.st_size, read, status.st_mtime)


def of_folder(folder: Path) -> Iterator[Entry]:
    """All that is below a folder, in the order of the names."""
    waiting = [(folder, "")]
    while waiting:
        place, prefix = waiting.pop(0)
        try:
            names = sorted(os.listdir(place))
        except OSError as error:
            name = prefix.rstrip("/") or place.name
            yield Entry(name, f"a folder that cannot be read ({error.strerror})", 0, bytes)
            continue
        for name in names:
            entry = of_file(place / name, prefix + name)
            if entry.kind == "folder":
                waiting.append((place / name, f"{prefix}{name}/"))
            yield entry


def kind_of(mode: int) -> str:
    """From the mode of stat(2)."""
    kinds = {
        stat.S_IFREG: "file",
        stat.S_IFDIR: "folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a fifo",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "a device")
