"""From whatever a student handed in to the few files that matter, within limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from checker.grading import archives, paths
from checker.grading.damage import MIB, OverLimitError, Spend, UnreadableError
from checker.grading.entries import Entry
from checker.grading.paths import RefusedNameError
from checker.grading.trouble import Trouble
from checker.submission import MAX_FILE
from checker.workspace import COMMAND

MAX_ENTRIES = 10_000
MAX_UNPACKED = 64 * MIB
MAX_KEPT = 8 * MIB
MAX_ARCHIVE = 32 * MIB
NESTED = 1
"""Archives in an archive are opened, archives in those are not."""


@dataclass
class Part:
    """What came in one archive, or loose: path → content. `changed`: seconds since the epoch, of
    the newest file, where the disk knows it."""

    name: str
    files: dict[str, bytes] = field(default_factory=dict)
    changed: float | None = None


class Gate:
    """For one submission. `parts`: what came through; `trouble`: what did not."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.trouble = Trouble()
        self._entries = self._unpacked = self._kept = 0

    def take(self, entries: Iterable[Entry]) -> None:
        """Looks at all of them, or at as many as the limits allow."""
        loose = Part("")
        self.parts.append(loose)
        try:
            self._take_all(entries, loose, depth=0)
        except OverLimitError as error:
            self.trouble.add(f"{error}; the rest was not looked at")

    def _take_all(self, entries: Iterable[Entry], part: Part, depth: int) -> None:
        for entry in entries:
            self._entries += 1
            if self._entries > MAX_ENTRIES:
                raise OverLimitError(f"it has more than {MAX_ENTRIES:,} entries")
            try:
                self._take(entry, part, depth)
            except (RefusedNameError, UnreadableError) as error:
                self.trouble.add(str(error), paths.shown(entry.name))

    def _take(self, entry: Entry, part: Part, depth: int) -> None:
        path = paths.tidy(entry.name)
        if entry.kind == "folder" or paths.is_made_by_programs(path):
            return
        if entry.kind != "file":
            if path.rpartition("/")[2] != COMMAND.name:  # a workspace has this link
                raise UnreadableError(f"{entry.kind}, left out")
        elif paths.is_packed(path):
            self._open(entry, path, depth)
        elif paths.is_wanted(path):
            self._keep(entry, path, part)

    def _keep(self, entry: Entry, path: str, part: Part) -> None:
        content = _read(entry, MAX_FILE)
        self._kept += len(content)
        if self._kept > MAX_KEPT:
            raise OverLimitError(f"it has more than {MAX_KEPT // MIB} MiB of source")
        if path in part.files:
            self.trouble.add("there twice, the last counts", paths.shown(entry.name))
        part.files[path] = content
        part.changed = max(entry.changed or 0, part.changed or 0) or None

    def _open(self, entry: Entry, path: str, depth: int) -> None:
        if depth > NESTED:
            raise UnreadableError("an archive in an archive in an archive, not opened")
        part = Part(path, changed=entry.changed)
        self.parts.append(part)
        self._take_all(_those_of(entry, self._spend), part, depth + 1)

    def _spend(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > MAX_UNPACKED:
            raise OverLimitError(f"it unpacks to more than {MAX_UNPACKED // MIB} MiB")


def _those_of(entry: Entry, spend: Spend) -> Iterator[Entry]:
    yield from archives.entries(_read(entry, MAX_ARCHIVE), spend)


def _read(entry: Entry, most: int) -> bytes:
    if entry.size > most:
        raise UnreadableError(f"larger than {most // MIB} MiB")
    try:
        return entry.read()
    except OSError as error:
        raise UnreadableError(error.strerror or "cannot be read") from error
