"""Which check is made when: side by side, each after those that it needs."""

from __future__ import annotations

import os
import select
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from checker.check import Build
from checker.messages import Built, Collected, Finished, Spec, Started, Wanted
from checker.plugin import blank, mark_of
from checker.results import CheckResult
from checker.worker import Report, Worker

CHECK_SECONDS = 60.0
"""Wall time after which a check is ended from outside. Each of its waits has its own deadline."""

LUCK = (
    "With memory that starts as zero it passes: your program uses a variable, a buffer or an "
    "address length that it has never set, and works by luck. Set it before its first use."
)


class Schedule:
    """Makes the checks of one task and reports each over `command`."""

    def __init__(self, spec: Spec, items: list[pytest.Item], command: Connection) -> None:
        self._spec = spec
        self._items = items
        self._command = command
        self._waiting = _first_what_most_wait_for(items)
        self._running: dict[int, Worker] = {}
        self._idle: list[Worker] = []
        self._outcomes: dict[str, str] = {}
        self._binaries: dict[Build, Path | None] = {}
        self._wanted: set[Build] = {spec.under or "judged"}  # that one comes unasked
        self._held: Report | None = None
        self._held_item: pytest.Item | None = None
        self._diagnosed = False

    def run(self) -> None:
        """Returns when every check has an outcome. EOFError: the command is gone."""
        names = [(item.name, mark_of(item).title, mark_of(item).level) for item in self._items]
        self._command.send(Collected(names))
        if self._spec.ahead:
            for build in {self._build_for(item) for item in self._waiting}:
                self._want(build)
        try:
            while self._waiting or self._running or self._held:
                self._start_what_can()
                self._wait()
        finally:
            for worker in [*self._running.values(), *self._idle]:
                worker.end()

    def _start_what_can(self) -> None:
        for item in list(self._waiting):
            reason = self._reason_to_skip(item)
            if reason:
                self._waiting.remove(item)
                result = blank(item, self._spec)
                result.reason = reason
                self._finish(Report(result, f"== {result.id}: skipped: {reason}\n"))
            elif self._needs_nothing_more(item):
                build = self._build_for(item)
                if build not in self._binaries:
                    self._want(build)
                elif len(self._running) < self._spec.workers:
                    self._waiting.remove(item)
                    self._start(item, build)
        if self._held and "zeroed" in self._binaries and not self._is_running("zeroed"):
            self._diagnose(self._held)

    def _reason_to_skip(self, item: pytest.Item) -> str:
        mark = mark_of(item)
        for name in mark.needs:
            if self._outcomes.get(name, "passed") != "passed":
                return f"needs “{name.removeprefix('test_')}”"
        if mark.private and not self._spec.private:
            return "needs a private network: see `./lab doctor`"
        if self._binaries.get(self._build_for(item), item) is None:
            return "needs the program's source, to build it with sanitisers"
        return ""

    def _needs_nothing_more(self, item: pytest.Item) -> bool:
        needs = mark_of(item).needs
        return all(name in self._outcomes for name in needs if self._is_known(name))

    def _want(self, build: Build) -> None:
        if build not in self._wanted and build in self._spec.builds:
            self._wanted.add(build)
            self._command.send(Wanted(build))

    def _build_for(self, item: pytest.Item) -> Build:
        return self._spec.under or mark_of(item).build

    def _is_known(self, name: str) -> bool:
        """With --only, what a check needs may not be among the checks at all."""
        waiting = (item.name for item in self._waiting)
        running = (worker.item.name for worker in self._running.values())
        return name in {*waiting, *running, *self._outcomes}

    def _is_running(self, build: Build) -> bool:
        return any(worker.build == build for worker in self._running.values())

    def _start(self, item: pytest.Item, build: Build) -> None:
        binary = self._binaries[build]
        assert binary is not None
        worker = self._idle.pop() if self._idle else Worker(self._items, self._spec)
        worker.make(item, build, binary)
        self._running[worker.connection.fileno()] = worker
        if build != "zeroed":
            self._command.send(Started(item.name))

    def _wait(self) -> None:
        if not self._running and not self._waiting and not self._held:
            return
        command = self._command.fileno()
        ready, _, _ = select.select([command, *self._running], [], [], 1.0)
        for source in ready:
            if source == command:
                built = self._command.recv()
                assert isinstance(built, Built)
                self._binaries[built.build] = built.binary
            else:
                self._collect(self._running.pop(source))
        for worker in list(self._running.values()):
            if time.monotonic() - worker.started > CHECK_SECONDS:
                os.kill(worker.pid, signal.SIGKILL)

    def _collect(self, worker: Worker) -> None:
        report = worker.report()
        if report:
            self._idle.append(worker)
        else:
            worker.end()
            report = Report(self._cut_off(worker), "")
        if worker.build == "zeroed":
            assert self._held is not None
            held, self._held = self._held, None
            if report.result.outcome == "passed":
                held.result.reason = LUCK
            self._finish(held)
        elif self._may_be_luck(worker, report):
            self._held, self._diagnosed = report, True
            self._outcomes[worker.item.name] = report.result.outcome
            self._held_item = worker.item
            self._want("zeroed")
        else:
            self._finish(report)

    def _cut_off(self, worker: Worker) -> CheckResult:
        result = blank(worker.item, self._spec)
        if time.monotonic() - worker.started > CHECK_SECONDS:
            result.outcome = "failed"
            result.expected = f"the whole check to be over within {CHECK_SECONDS:.0f} s"
            result.got = "it was still going on"
        else:
            result.outcome, result.reason = "error", "the prober died"
        return result

    def _may_be_luck(self, worker: Worker, report: Report) -> bool:
        """The first failure is tried again in a zeroed build, if one can be made."""
        failed = report.result.outcome == "failed" and worker.build == "judged"
        return failed and not self._diagnosed and "zeroed" in self._spec.builds

    def _diagnose(self, held: Report) -> None:
        if self._binaries["zeroed"] is None:
            self._held = None
            self._finish(held)
        elif self._held_item is not None:
            self._start(self._held_item, "zeroed")

    def _finish(self, report: Report) -> None:
        self._outcomes[f"test_{report.result.id}"] = report.result.outcome
        self._command.send(Finished(report.result, report.log))


def _first_what_most_wait_for(items: list[pytest.Item]) -> list[pytest.Item]:
    """The longest chain of checks that need one another decides when all are made."""
    needs = {item.name: mark_of(item).needs for item in items}

    def chain(name: str) -> int:
        """How many checks in a row are still to come when this one has been made."""
        return max((1 + chain(other) for other in needs if name in needs[other]), default=0)

    return sorted(items, key=lambda item: -chain(item.name))
