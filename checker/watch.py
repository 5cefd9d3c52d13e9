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
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from rich.console import Console

from checker import catalog, progress, run
from checker.catalog import Task
from checker.checking import arena_is_private
from checker.reports import live, verdict
from checker.reports.console import complain
from checker.reports.lessons import chosen
from checker.run import WAKE
from checker.saved import judge_saved
from checker.saves import keep_telling
from checker.source import UnusableSourceError
from checker.workspace import Workspace, shown

KEYS = "r runs it now · q quits"
QUIT = "quit"


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
    telling = (watched, poll, ended, said, complain)
    threading.Thread(target=keep_telling, args=telling, daemon=True).start()
    with _keys(said, ended):
        try:
            while True:
                _check(place, task, private, heard, out)
                for told in _messages(heard):
                    if told == QUIT:
                        return
                    task = catalog.find(told) if told else task
        except KeyboardInterrupt:
            return
        finally:
            ended.set()


def _check(place: Workspace, task: Task, private: bool, heard: Connection, out: Console) -> None:
    """Judges what is saved now, and prints the verdict, unless a message comes before it."""
    begin = partial(live.progress, task.slug, out)
    try:
        judged = judge_saved(place, task, private, out.is_terminal, begin, heard)
    except run.Stopped:
        return
    except UnusableSourceError as error:
        complain(str(error))
        return
    progress.record(place, task, judged)
    out.rule(style="label")
    verdict.show(judged.result, task, progress.log_file(place, task), out, recorded=True)
    out.print(f"waiting for a save · {KEYS}", style="label")


def _messages(heard: Connection) -> Iterator[str]:
    """Waits for one, and gives all that have come meanwhile."""
    while not heard.poll(WAKE):
        pass
    while heard.poll():
        yield heard.recv()


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
