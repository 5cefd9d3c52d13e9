"""Tells each save of a source file, by the system's notices or by looking at the files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import watchfiles

from checker.source import HEADERS, SOURCES, Source, UnusableSourceError, read_folder

POLL_MS, IDLE_MS = 300, 5000


def keep_telling(
    folders: list[Path],
    poll: bool,
    ended: threading.Event,
    said: Connection,
    complain: Callable[[str], None],
) -> None:
    """Sends the name of each of these folders in which a source file was saved, until `ended`.
    `complain` hears that the system gives no notices, and that the files are looked at instead."""
    try:
        _tell_saves(folders, poll, ended, said)
    except RuntimeError as error:  # how watchfiles tells it
        complain(f"this system tells no saves ({error}), so the files are looked at")
        _tell_saves(folders, True, ended, said)


def _tell_saves(folders: list[Path], poll: bool, ended: threading.Event, said: Connection) -> None:
    """watchfiles waits until the editor has been quiet for 50 ms. Polling, it compares times to the
    second and takes only newer ones for a save, so contents are compared too."""

    def is_source(_: watchfiles.Change, path: str) -> bool:
        return Path(path).suffix in SOURCES | HEADERS and Path(path).parent in folders

    saves = watchfiles.watch(
        *folders,
        watch_filter=is_source,
        stop_event=ended,
        step=50,
        force_polling=poll,
        rust_timeout=POLL_MS if poll else IDLE_MS,
        yield_on_timeout=poll,
    )
    known = {folder: _contents(folder) for folder in folders} if poll else {}
    for changes in saves:
        saved = {Path(path).parent for _, path in changes}
        if poll:
            now = {folder: _contents(folder) for folder in folders}
            saved = {folder for folder in folders if now[folder] != known[folder]}
            known = now
        for folder in saved:
            said.send(folder.name)


def _contents(folder: Path) -> Source | None:
    try:
        return read_folder(folder.name, folder)
    except UnusableSourceError:
        return None
