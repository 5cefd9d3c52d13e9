"""Judges what is saved, in a thread of its own, so that no program can freeze the screen."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import Pipe

from checker import catalog, progress, run
from checker.catalog import Task
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.messages import Message
from checker.results import Result
from checker.run import WAKE, Tell
from checker.saved import Judge, judge_saved
from checker.saves import keep_telling
from checker.source import UnusableSourceError
from checker.workspace import Workspace

QUIT = ""


@dataclass(frozen=True)
class Begun:
    """Judging this task begins, or begins anew: whatever was told before is void."""

    task: Task


@dataclass(frozen=True)
class Told:
    """A message of the judging that has begun last."""

    task: Task
    message: Message


@dataclass(frozen=True)
class Ended:
    """The judging that has begun last is over. Without a result it was given up, for a newer save
    or for the reason in `trouble`."""

    task: Task
    result: Result | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Warned:
    """Something the student should know, once."""

    text: str


News = Begun | Told | Ended | Warned


class Worker:
    """`tell` is called in other threads, and must not wait."""

    def __init__(self, place: Workspace, tell: Callable[[News], None], judge: Judge) -> None:
        self._place = place
        self._tell = tell
        self._judge = judge
        self._heard, self._said = Pipe(duplex=False)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="judging", daemon=True)

    def start(self) -> None:
        """From now on every save is judged."""
        folders = [self._place.of(task) for task in catalog.tasks()]
        there = [folder for folder in folders if folder.is_dir()]
        told = (there, False, self._ended, self._said, lambda text: self._tell(Warned(text)))
        threading.Thread(target=keep_telling, args=told, name="saves", daemon=True).start()
        self._thread.start()

    def check(self, task: Task) -> None:
        """Judges what is saved of this task now; what is being judged is given up."""
        self._said.send(task.slug)

    def end(self) -> None:
        """Returns when nothing runs any more."""
        self._ended.set()
        if self._thread.is_alive():
            self._said.send(QUIT)
            self._thread.join()

    def _work(self) -> None:
        private = not why_no_arena()
        while not self._ended.is_set():
            while not self._heard.poll(WAKE):
                pass
            slugs = []
            while self._heard.poll():
                slugs.append(self._heard.recv())
            if QUIT in slugs:
                return
            task = catalog.find(slugs[-1])
            self._tell(self._judged(task, private))

    def _judged(self, task: Task, private: bool) -> Ended:
        begin = partial(self._beginning, task)
        try:
            judged = judge_saved(self._place, task, private, True, begin, self._heard, self._judge)
            progress.record(self._place, task, judged)
            return Ended(task, judged.result)
        except run.Stopped:
            return Ended(task)
        except (UnusableSourceError, CheckerError, OSError) as error:
            return Ended(task, trouble=str(error))
        except Exception:
            own = "this is Loopback's own error, not yours: please report it\n\n"
            return Ended(task, trouble=own + traceback.format_exc())

    @contextmanager
    def _beginning(self, task: Task) -> Iterator[Tell]:
        self._tell(Begun(task))
        yield lambda message: self._tell(Told(task, message))
