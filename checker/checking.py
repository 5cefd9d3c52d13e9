"""`lab check`: from what was asked for to requests, verdicts and records."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import partial
from multiprocessing import Pipe
from pathlib import Path
from string import Formatter

from rich.console import Console

from checker import catalog, progress, run, workspace
from checker.catalog import Task
from checker.machine import why_no_arena
from checker.reports import live, verdict
from checker.reports.console import complain
from checker.results import Result, to_json
from checker.run import Judged, Request
from checker.sandbox import ROOT
from checker.source import (
    HEADERS,
    SOURCES,
    Source,
    UnusableSourceError,
    read_files,
    read_folder,
)
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
        asked = (self.solutions, self.program, self.files, self.only, self.port)
        return not any(asked) and self.template is None


def check(choice: Choice, json: Path | None, verbose: bool, out: Console) -> int:
    """Checks, prints the verdicts, records them; the exit status."""
    place = None if choice.solutions or choice.program or choice.files else workspace.started()
    chosen = _tasks(choice, place)
    _demand_usable(choice, chosen, json)
    requests = [_request(choice, task, place, out.is_terminal) for task in chosen]
    private = arena_is_private(choice.open_arena)
    requests = [replace(request, private=private) for request in requests]
    judged: list[Judged] = []
    for one in _run_all(requests, out):
        task = chosen[len(judged)]
        judged.append(one)
        _report(one, task, place if choice.recorded else None, len(chosen) > 1, verbose, out)
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


def _request(choice: Choice, task: Task, place: Workspace | None, colour: bool) -> Request:
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
        only=frozenset([choice.only] if choice.only else []),
        seed=secrets.randbelow(run.SEEDS) if choice.seed is None else choice.seed,
        colour=colour,
    )


def _demand_usable(choice: Choice, chosen: list[Task], json: Path | None) -> None:
    """Says what is wrong with the options before anything is built."""
    if choice.template is not None:
        _demand_template(choice.template)
    if choice.only and not any(choice.only in task.check_names() for task in chosen):
        known = [name for task in chosen for name in task.check_names()]
        near = get_close_matches(choice.only, known, n=1)
        asked = f"; is it “{near[0]}”?" if near else ": a verdict names those that fail"
        raise UnusableSourceError(f"no check is called “{choice.only}”{asked}")
    if json and json.suffix in SOURCES | HEADERS:
        raise UnusableSourceError(f"{json}: --json would write over this source file")


def _demand_template(template: str) -> None:
    try:
        shlex.split(template)
        parsed = list(Formatter().parse(template))
    except ValueError as error:
        raise UnusableSourceError(f"--args: {error}") from error
    for _, name, form, conversion in parsed:
        if name is not None and (name not in PLACEHOLDERS or form or conversion):
            raise UnusableSourceError("--args: in braces, only {host}, {port} and {message}")


def _source(choice: Choice, task: Task, place: Workspace | None) -> Source:
    if choice.files:
        return read_files(task.slug, choice.files)
    if choice.solutions:
        if not task.solution.exists():
            raise UnusableSourceError("this copy of Loopback comes without solutions")
        return read_files(task.slug, [task.solution])
    assert place is not None
    return own_source(task, place)


def own_source(task: Task, place: Workspace) -> Source:
    """The student's."""
    if not place.of(task).is_dir():
        raise UnusableSourceError(
            f"{workspace.shown(place.of(task))} is not there: `./lab start` makes it"
        )
    return read_folder(task.slug, place.of(task))


def _run_all(requests: list[Request], out: Console) -> Iterator[Judged]:
    if len(requests) == 1:
        with live.progress(requests[0].task.slug, out) as tell:
            judged = run.run(requests[0], tell)
        yield judged
        return
    stop, go_on = Pipe(duplex=False)
    with ThreadPoolExecutor(TASKS_AT_ONCE) as pool:
        try:
            yield from pool.map(partial(run.run, stop=stop), requests)
        finally:
            go_on.close()  # after a Ctrl-C, this ends those that still run


def _report(
    judged: Judged,
    task: Task,
    place: Workspace | None,
    among_others: bool,
    verbose: bool,
    out: Console,
) -> None:
    if place:
        log = progress.log_file(place, task)
        progress.record(place, task, judged)
    else:
        log = LOGS / f"{task.slug}.log"
        workspace.write_whole(log, judged.log)
    if among_others and not verbose:
        out.print(verdict.one_line(judged.result, task))
    else:
        verdict.show(judged.result, task, log, out, verbose, recorded=place is not None)


def _write_json(results: list[Result], path: Path, several: bool) -> None:
    content = to_json(results if several or len(results) > 1 else results[0])
    workspace.write_whole(path, content)
