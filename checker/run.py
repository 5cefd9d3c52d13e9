"""Judges one task: builds, opens the prober, and puts the Result together."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext
from pathlib import Path

from checker import __version__
from checker.build import Compiled, compile_source
from checker.catalog import Task
from checker.check import Build
from checker.compiler import Compilers, toolchain
from checker.messages import Built, Collected, Finished, Message, Over, Spec, Wanted
from checker.results import CheckResult, Result, outcome_of
from checker.source import Source

SEEDS = 10**6
WAKE = 0.5
"""Seconds after which a wait begins anew: a Ctrl-C just before it would go unnoticed else."""

Tell = Callable[[Message], None]

WORKERS = 3 * (os.cpu_count() or 1)
"""Checks at once, which mostly wait."""


@dataclass(frozen=True)
class Request:
    """What is to be judged: the files of `source`, or a ready `program`. `diagnose`: find out
    whether the first failure comes from memory that was never set; `under`: the one build that all
    checks are made with; `builds`: the folder for them, else the cache; `ahead` and `workers`: see
    Spec."""

    task: Task
    source: Source | None
    program: Path | None = None
    template: str | None = None
    port: int | None = None
    only: frozenset[str] = frozenset()
    seed: int = field(default_factory=lambda: secrets.randbelow(SEEDS))
    private: bool = True
    colour: bool = False
    diagnose: bool = True
    under: Build | None = None
    builds: Path | None = None
    ahead: bool = True
    workers: int = WORKERS


@dataclass
class Judged:
    """The result and the full log."""

    result: Result
    log: str


@cache
def prober_server() -> ForkServerContext:
    """The server that probers are forked from; it loads pytest once, while the compiler runs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["checker.prober", "checker.run"])
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()  # Ctrl-C is for the command, which then ends the probers
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


def _judge(spec: Spec, command: Connection) -> None:
    """In the prober, which has pytest loaded; the command itself can do without it."""
    from checker.prober import judge

    judge(spec, command)


class Stopped(Exception):
    """Judging was given up, because something came in over `stop`."""


def run(request: Request, tell: Tell = lambda _: None, stop: Connection | None = None) -> Judged:
    """Judges. `tell` is called with each message as it comes; when `stop` becomes readable,
    everything is ended and Stopped is raised. CheckerError, OSError: cannot."""
    started = time.monotonic()
    began = datetime.now(UTC).isoformat(timespec="seconds")
    builds: set[Build] = {"judged"}
    if request.source:
        builds.add("sanitised")
        if request.diagnose:
            builds.add("zeroed")
    spec = Spec(
        task=request.task.slug,
        module=request.task.checks,
        seed=request.seed,
        template=request.task.file.arguments if request.template is None else request.template,
        fixed_port=request.port,
        only=request.only,
        private=request.private,
        builds=frozenset(builds),
        workers=request.workers,
        under=request.under,
        ahead=request.ahead,
    )
    ours, theirs = multiprocessing.Pipe()
    prober = prober_server().Process(target=_judge, args=(spec, theirs), daemon=True)
    prober.start()
    theirs.close()
    compilers = Compilers()
    with ThreadPoolExecutor(max_workers=3) as pool:
        try:
            session = _Session(request, ours, pool, compilers, tell, stop)
            session.run()
        finally:
            compilers.end()
            ours.close()
            prober.join()
    return _judged(request, session, began, time.monotonic() - started)


class _Session:
    """One conversation with a prober."""

    def __init__(
        self,
        request: Request,
        prober: Connection,
        pool: ThreadPoolExecutor,
        compilers: Compilers,
        tell: Tell,
        stop: Connection | None,
    ) -> None:
        self.said = ""
        self.compiles = True
        self.order: list[str] = []
        self.results: dict[str, CheckResult] = {}
        self.logs: dict[str, str] = {}
        self.trouble = ""
        self._request = request
        self._prober = prober
        self._pool = pool
        self._compilers = compilers
        self._tell = tell
        self._stop = stop
        self._notice, self._noticed = multiprocessing.Pipe()

    def run(self) -> None:
        if self._request.source is None:
            self._say(Built("judged", self._request.program))
            self._say(Built("sanitised", None))
        else:
            self._compile(self._request.under or "judged")
        sources = [self._prober, self._notice, *([self._stop] if self._stop else [])]
        while True:
            for source in wait(sources, WAKE):
                if source is self._stop:
                    raise Stopped
                if source is self._notice:
                    self._on_compiled(*self._notice.recv())
                elif self._on_message(self._hear()):
                    return
            if not self.compiles:
                return

    def _hear(self) -> Message:
        try:
            heard: Message = self._prober.recv()
        except (EOFError, ConnectionResetError):
            return Over("the prober died")
        return heard

    def _say(self, built: Built) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # it died; the next _hear tells
            self._prober.send(built)

    def _compile(self, build: Build) -> None:
        request = self._request
        assert request.source is not None

        def tell(done: Future[Compiled]) -> None:
            error = done.exception()
            self._noticed.send((build, error if error else done.result()))

        self._pool.submit(
            compile_source,
            request.source,
            build,
            request.private,
            request.colour,
            self._compilers,
            request.builds,
        ).add_done_callback(tell)

    def _on_compiled(self, build: Build, compiled: Compiled | BaseException) -> None:
        if isinstance(compiled, BaseException):
            raise compiled
        if build == (self._request.under or "judged"):
            self.said = compiled.said
            self.compiles = compiled.binary is not None
        self._say(Built(build, compiled.binary))

    def _on_message(self, message: Message) -> bool:
        """Takes one; tells whether it was the last."""
        self._tell(message)
        match message:
            case Collected(checks):
                self.order = [name.removeprefix("test_") for name, _, _ in checks]
            case Finished(result, log):
                self.results[result.id] = result
                self.logs[result.id] = log
            case Wanted(build):
                self._compile(build)
            case Over(trouble):
                self.trouble = trouble
                return True
        return False


def _judged(request: Request, session: _Session, began: str, seconds: float) -> Judged:
    checks = [session.results[name] for name in session.order if name in session.results]
    if not session.compiles:
        checks = []  # those that need another build may have been skipped already, or not yet
    outcome = outcome_of(checks)
    if session.trouble:
        outcome = "error"
    elif not session.compiles:
        outcome = "does not compile"
    result = Result(
        task=request.task.slug,
        seed=request.seed,
        checker=__version__,
        toolchain=toolchain() if request.source else "",
        source_sha256=request.source.sha256() if request.source else "",
        started=began,
        seconds=round(seconds, 3),
        outcome=outcome,
        points=sum(check.points for check in checks),
        max_points=sum(check.max_points for check in checks),
        stars=sum(check.level == "craft" and check.outcome == "passed" for check in checks),
        max_stars=sum(check.level == "craft" for check in checks),
        checks=checks,
        diagnostics=session.said,
        arena="private" if request.private else "open",
    )
    log = "\n".join([session.trouble, *(session.logs[c.id] for c in checks)]).strip() + "\n"
    return Judged(result, log)
