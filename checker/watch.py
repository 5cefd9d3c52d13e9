"""`lab watch`: checks again at each save. A save during a check ends that check, so that a verdict
never mixes two saves; the checks' own deadlines end a program that never does."""

from __future__ import annotations

import os
import select
import sys
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import watchfiles
from rich.console import Console

from checker import catalog, progress, run
from checker.catalog import Task
from checker.checking import arena_is_private
from checker.reports import live, verdict
from checker.reports.console import complain
from checker.reports.lessons import chosen
from checker.run import WAKE, Judged, Request
from checker.source import HEADERS, SOURCES, Source, UnusableSourceError, read_folder
from checker.workspace import Workspace, shown, write_whole

KEYS = "r runs it now · q quits"
QUIT = "quit"
POLL_MS, IDLE_MS = 300, 5000


def watch(place: Workspace, name: str | None, poll: bool, out: Console) -> None:
    """Until `q` or Ctrl-C. With no task named, each save tells which one is meant."""
    task = chosen(place, name)
    heard, said = Pipe(duplex=False)
    watched = [place.of(task)] if name else [place.of(each) for each in catalog.tasks()]
    missing = [folder for folder in watched if not folder.is_dir()]
    if missing:
        raise UnusableSourceError(f"{shown(missing[0])} is not there: `./lab start` makes it")
    private = arena_is_private()
    ended = threading.Event()
    threading.Thread(target=_keep_telling, args=(watched, poll, ended, said), daemon=True).start()
    with _keys(said, ended):
        try:
            while True:
                if _overtaken(place, task, private, heard, out):
                    continue
                for told in _messages(heard):
                    if told == QUIT:
                        return
                    task = catalog.find(told) if told else task
        except KeyboardInterrupt:
            return
        finally:
            ended.set()


def _overtaken(
    place: Workspace, task: Task, private: bool, heard: Connection, out: Console
) -> bool:
    """Judges what is saved now; whether it was saved again just before the verdict."""
    try:
        source = read_folder(task.slug, place.of(task))
        request = Request(task=task, source=source, private=private, colour=out.is_terminal)
        with live.progress(task.slug, out) as tell:
            judged = run.run(request, tell, stop=heard)
        if read_folder(task.slug, place.of(task)) != source:
            return True
    except run.Stopped:
        return False
    except UnusableSourceError as error:
        complain(str(error))
        return False
    _print(place, task, judged, out)
    return False


def _print(place: Workspace, task: Task, judged: Judged, out: Console) -> None:
    progress.record(place, task, judged)
    log = progress.log_file(place, task)
    write_whole(log, judged.log)
    out.rule(style="label")
    verdict.show(judged.result, task, log, out, recorded=True)
    out.print(f"waiting for a save · {KEYS}", style="label")


def _messages(heard: Connection) -> Iterator[str]:
    """Waits for one, and gives all that have come meanwhile."""
    while not heard.poll(WAKE):
        pass
    while heard.poll():
        yield heard.recv()


def _keep_telling(
    folders: list[Path], poll: bool, ended: threading.Event, said: Connection
) -> None:
    try:
        _tell_saves(folders, poll, ended, said)
    except RuntimeError as error:  # how watchfiles tells it
        complain(f"this system tells no saves ({error}), so the files are looked at")
        _tell_saves(folders, True, ended, said)


def _tell_saves(folders: list[Path], poll: bool, ended: threading.Event, said: Connection) -> None:
    """Tells the slug of each task in which a source file was saved; watchfiles waits until the
    editor has been quiet for 50 ms. Polling, it compares times to the second and takes only newer
    ones for a save, so contents are compared too."""

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


@contextmanager
def _keys(said: Connection, ended: threading.Event) -> Iterator[None]:
    """Tells what the keys mean while the block runs; leaves the terminal as it was."""
    if not sys.stdin.isatty():
        yield
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)

    def listen() -> None:
        while not ended.is_set():
            ready, _, _ = select.select([terminal], [], [], 0.5)
            for key in os.read(terminal, 64) if ready else b"":
                if key in b"rq\n":
                    said.send(QUIT if key == ord("q") else "")

    try:
        tty.setcbreak(terminal)
        threading.Thread(target=listen, daemon=True).start()
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
