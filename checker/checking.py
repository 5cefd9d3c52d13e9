"""`lab check`: from what was asked for to requests, verdicts and records."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from rich.console import Console

from checker import catalog, progress, run, workspace
from checker.catalog import Task
from checker.machine import why_no_arena
from checker.reports import live, verdict
from checker.reports.console import complain
from checker.results import Result
from checker.run import Judged, Request
from checker.sandbox import ROOT
from checker.source import Source, UnusableSourceError, read_files, read_folder
from checker.workspace import Workspace

TASKS_AT_ONCE = 2
LOGS = ROOT / ".cache" / "logs"
PLACEHOLDERS = {"host", "port", "message"}


@dataclass(frozen=True)
class Choice:
    """What the command line asked for."""

    task: str | None
    everything: bool = False
    solutions: bool = False
    program: Path | None = None
    files: list[Path] = field(default_factory=list)
    template: str | None = None
    port: int | None = None
    only: str | None = None
    seed: int | None = None
    open_arena: bool = False

    @property
    def recorded(self) -> bool:
        """Only a whole check of the workspace's own program says how far the student is."""
        return not (self.solutions or self.program or self.files or self.only or self.template)


def check(choice: Choice, json: Path | None, verbose: bool, out: Console) -> int:
    """Checks, prints the verdicts, records them; the exit status."""
    place = None if choice.solutions or choice.program or choice.files else workspace.started()
    chosen = _tasks(choice, place)
    private = arena_is_private(choice.open_arena)
    requests = [_request(choice, task, place, private, out.is_terminal) for task in chosen]
    judged: list[Judged] = []
    for one in _run_all(requests, out):
        task = chosen[len(judged)]
        judged.append(one)
        _report(one, task, place if choice.recorded else None, len(chosen) > 1, verbose, out)
    if choice.only and not any(one.result.checks or one.result.diagnostics for one in judged):
        raise UnusableSourceError(
            f"no check is called “{choice.only}”; --json FILE tells the names"
        )
    if json:
        _write_json([one.result for one in judged], json, choice.everything)
    outcomes = {one.result.outcome for one in judged}
    return 3 if "error" in outcomes else 0 if outcomes == {"done"} else 1


def arena_is_private(open_arena: bool = False) -> bool:
    """Whether programs get a network of their own; says so once when they don't."""
    if open_arena:
        return False
    trouble = why_no_arena()
    if trouble:
        complain(f"no private network here ({trouble}); see `./lab doctor`")
    return not trouble


def _tasks(choice: Choice, place: Workspace | None) -> list[Task]:
    if choice.everything or (choice.solutions and not choice.task):
        return catalog.tasks()
    if choice.task:
        return [catalog.find(choice.task)]
    if place is None:
        raise UnusableSourceError("say for which task this program is")
    return [progress.current_task(place) or catalog.tasks()[0]]


def _request(
    choice: Choice, task: Task, place: Workspace | None, private: bool, colour: bool
) -> Request:
    if choice.template is not None:
        unknown = set(re.findall(r"{(\w*)}", choice.template)) - PLACEHOLDERS
        if unknown:
            raise UnusableSourceError(
                f"--args knows {{host}}, {{port}} and {{message}}, not {{{unknown.pop()}}}"
            )
    program = None
    if choice.program:
        program = choice.program.resolve()
        if not program.is_file() or not os.access(program, os.X_OK):
            raise UnusableSourceError(f"{choice.program}: no program that can be run")
    return Request(
        task=task,
        source=None if program else _source(choice, task, place),
        program=program,
        template=choice.template,
        port=choice.port,
        only=choice.only,
        seed=secrets.randbelow(run.SEEDS) if choice.seed is None else choice.seed,
        private=private,
        colour=colour,
    )


def _source(choice: Choice, task: Task, place: Workspace | None) -> Source:
    if choice.files:
        return read_files(task.slug, choice.files)
    if choice.solutions:
        return read_files(task.slug, [task.solution])
    assert place is not None
    return read_folder(task.slug, place.of(task))


def _run_all(requests: list[Request], out: Console) -> Iterator[Judged]:
    if len(requests) == 1:
        with live.progress(requests[0].task.slug, out) as tell:
            judged = run.run(requests[0], tell)
        yield judged
        return
    with ThreadPoolExecutor(TASKS_AT_ONCE) as pool:
        yield from pool.map(run.run, requests)


def _report(
    judged: Judged,
    task: Task,
    place: Workspace | None,
    among_others: bool,
    verbose: bool,
    out: Console,
) -> None:
    log = progress.log_file(place, task) if place else LOGS / f"{task.slug}.log"
    workspace.write_whole(log, judged.log)
    if place:
        progress.record(place, task, judged)
    if among_others and not verbose:
        out.print(verdict.one_line(judged.result, task))
    else:
        verdict.show(judged.result, task, log, out, verbose)


def _write_json(results: list[Result], path: Path, several: bool) -> None:
    content = msgspec.json.encode(results if several or len(results) > 1 else results[0])
    workspace.write_whole(path, msgspec.json.format(content, indent=2).decode() + "\n")
