"""Which files of a folder are the lab's own reports, so that those of students who have left the
class, or of tasks that no longer count, can go and nothing else does.

Each is noted before it is written, so that none is forgotten after a `kill -9`."""

from __future__ import annotations

import re
from pathlib import Path

from checker.workspace import write_whole

NOTES = ".reports"
"""A path on each line, relative to the folder."""
REPORT = re.compile(r"\w[\w.-]{0,250}(/\w[\w.-]{0,250})*", re.ASCII)
"""A line that is no such path is damaged, and leads nowhere."""


class Written:
    """The reports that are written into this folder, from now until `tidy`. OSError: the folder
    cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._notes = folder / NOTES
        self._known = _lines(self._notes)
        self._now: set[str] = set()

    def write(self, path: Path, text: str) -> None:
        """The file appears whole or not at all."""
        name = path.relative_to(self._folder).as_posix()
        if name not in self._known:
            with self._notes.open("a") as notes:
                notes.write(f"{name}\n")
            self._known.add(name)
        write_whole(path, text)
        self._now.add(name)

    def tidy(self) -> None:
        """Removes the reports that were written before and not now."""
        for name in sorted(self._known - self._now):
            if REPORT.fullmatch(name) and (self._folder / name).is_file():
                (self._folder / name).unlink()
        self._known = self._now
        write_whole(self._notes, "".join(f"{name}\n" for name in sorted(self._now)))


def _lines(notes: Path) -> set[str]:
    try:
        return set(notes.read_text(errors="surrogateescape").splitlines())
    except FileNotFoundError:
        return set()
