"""What stands in SUBMISSIONS: files and folders, each of one student."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from checker.catalog import tasks
from checker.grading import paths
from checker.grading.damage import UnreadableError
from checker.grading.entries import Entry, of_file, of_folder
from checker.grading.handed_in import IntakeError
from checker.grading.zips import EXPORTS_DIRECTORY, zip_entries

NO_SUBMISSIONS = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Thing:
    """`entries`: of a folder, all that is below it; of a file, itself."""

    name: str
    is_file: bool
    entries: Callable[[], Iterable[Entry]]


@contextmanager
def things(submissions: Path) -> Iterator[list[Thing]]:
    """In natural order of their names. `submissions` is a folder, or a zip file with all in it,
    which is open as long as the context. IntakeError when there is nothing that could be graded.

    Not submissions: hidden files, `.csv` files, what operating systems put beside files."""
    if submissions.is_dir():
        yield _usable(submissions, [_on_disk(submissions / n) for n in os.listdir(submissions)])
        return
    with submissions.open("rb") as file:
        try:
            entries = list(zip_entries(file, EXPORTS_DIRECTORY, lambda _: None))
        except UnreadableError as error:
            raise IntakeError(
                f"{submissions}: give a folder of submissions, or a zip file of them"
            ) from error
        yield _usable(submissions, _in_zip(entries))


def natural(name: str) -> list[str | int]:
    """A sort key: `file-10` after `file-9`."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d{1,18})", name)]


def _on_disk(path: Path) -> Thing:
    if path.is_dir() and not path.is_symlink():
        return Thing(path.name, False, lambda: of_folder(path))
    return Thing(path.name, True, lambda: [of_file(path, path.name)])


def _in_zip(entries: list[Entry]) -> list[Thing]:
    def top(entry: Entry) -> str:
        return entry.name.partition("/")[0]

    clean = [replace(entry, name=entry.name.removeprefix("./")) for entry in entries]
    return [_of_top(name, list(those)) for name, those in groupby(sorted(clean, key=top), key=top)]


def _of_top(name: str, entries: list[Entry]) -> Thing:
    if all(entry.name == name for entry in entries):
        return Thing(name, True, lambda: entries)
    below = [
        replace(entry, name=rest) for entry in entries if (rest := entry.name.partition("/")[2])
    ]
    return Thing(name, False, lambda: below)


def _usable(submissions: Path, found: list[Thing]) -> list[Thing]:
    slugs = {task.slug for task in tasks()}
    for thing in found:
        if thing.name == paths.MANIFEST or (thing.name in slugs and not thing.is_file):
            raise IntakeError(
                f"{submissions} is one submission: give the folder that holds the submissions"
            )
    usable = [thing for thing in found if thing.name and not _is_none(thing)]
    if not usable:
        raise IntakeError(f"{submissions}: no submission in it")
    return sorted(usable, key=lambda thing: (natural(thing.name), thing.name))


def _is_none(thing: Thing) -> bool:
    name = thing.name.casefold()
    made = paths.is_made_by_programs(thing.name) or name in NO_SUBMISSIONS
    return made or name.endswith(".csv")
