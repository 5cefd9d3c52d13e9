"""Judges what a student has saved, so that a verdict never mixes two saves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.connection import Connection
from typing import Protocol

from checker import run
from checker.catalog import Task
from checker.run import Judged, Request, Tell
from checker.source import read_folder
from checker.workspace import Workspace

Begin = Callable[[], AbstractContextManager[Tell]]
"""Called before each attempt; gives what hears the messages of that attempt."""


class Judge(Protocol):
    """`run.run`, or what stands in for it."""

    def __call__(self, request: Request, tell: Tell, stop: Connection | None) -> Judged: ...


def judge_saved(
    place: Workspace,
    task: Task,
    private: bool,
    colour: bool,
    begin: Begin,
    stop: Connection,
    judge: Judge = run.run,
) -> Judged:
    """The verdict on what is saved when it is given; a save that came during an attempt begins
    another one. Stopped when `stop` becomes readable; UnusableSourceError when there is nothing to
    judge."""
    while True:
        source = read_folder(task.slug, place.of(task))
        request = Request(task=task, source=source, private=private, colour=colour)
        with begin() as tell:
            judged = judge(request, tell, stop)
        if read_folder(task.slug, place.of(task)) == source:
            return judged
