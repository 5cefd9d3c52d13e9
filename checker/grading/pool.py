"""Judges many sources, some at a time. One that cannot be judged costs no other."""

from __future__ import annotations

import errno
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from checker import catalog, run
from checker.grading.attempts import Attempt, Key, verdict_of
from checker.grading.ledger import Ledger
from checker.results import Result
from checker.run import Request, prober_server
from checker.source import Source

BUILDS = ".builds-"
WORKERS = 3
"""Checks at once of each judging."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
"""Not the submission's fault, nor one that the next submission would be spared."""

Done = Callable[[], None]


class Pool:
    """Takes sources from a ledger and puts attempts there."""

    def __init__(self, ledger: Ledger, jobs: int, done: Done = lambda: None) -> None:
        self._ledger = ledger
        self._jobs = jobs
        self._done = done

    def judge(self, keys: list[Key], alone: bool = False) -> None:
        """As often as each key is in the list; `alone`: one after the other."""
        left = Counter(keys)
        waiting = iter(keys)
        flying: dict[Future[tuple[Attempt, Result | None]], Key] = {}
        stop, go_on = Pipe(duplex=False)
        prober_server()
        with _builds(self._ledger.folder) as builds, ThreadPoolExecutor(self._jobs) as threads:
            try:
                while True:
                    free = (1 if alone else self._jobs) - len(flying)
                    for key in islice(waiting, free):
                        source = self._ledger.source(key.task, key.source)
                        where = builds / key.task / key.source[:24]
                        flying[threads.submit(_attempt, key, source, where, stop, alone)] = key
                    if not flying:
                        return
                    for future in wait(flying, run.WAKE, FIRST_COMPLETED).done:
                        key = flying.pop(future)
                        self._ledger.record(key, *future.result())
                        self._done()
                        left[key] -= 1
                        if not left[key]:
                            shutil.rmtree(builds / key.task / key.source[:24], ignore_errors=True)
            finally:
                go_on.close()  # after a Ctrl-C, this ends those that still run


@contextmanager
def _builds(folder: Path) -> Iterator[Path]:
    """A place for the programs, in the grading's own folder; what a killed grading left goes."""
    for left in folder.glob(f"{BUILDS}*"):
        shutil.rmtree(left, ignore_errors=True)
    # The compiler runs in the source's folder, where a relative path would lead elsewhere.
    with TemporaryDirectory(
        dir=folder.resolve(), prefix=BUILDS, ignore_cleanup_errors=True
    ) as builds:
        yield Path(builds)


def _attempt(
    key: Key, source: Source, builds: Path, stop: Connection, alone: bool
) -> tuple[Attempt, Result | None]:
    started = datetime.now(UTC).isoformat(timespec="milliseconds")
    task = catalog.find(key.task)
    request = Request(
        task=task, source=source, seed=key.seed, builds=builds, ahead=False, workers=WORKERS
    )
    try:
        judged = run.run(request, stop=stop)
    except run.Stopped:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in FULL:
            raise
        trouble = traceback.format_exception_only(error)[-1].strip()
        return Attempt("error", "", started, 0.0, alone, trouble), None
    result = judged.result
    trouble = _trouble(result, judged.log) if result.outcome == "error" else ""
    verdict = verdict_of(result)
    return Attempt(result.outcome, verdict, started, result.seconds, alone, trouble), result


def _trouble(result: Result, log: str) -> str:
    """The checker's own error, in its last line."""
    reasons = [check.reason for check in result.checks if check.outcome == "error"]
    lines = (reasons[0] if reasons else log.partition("\n==")[0]).strip().splitlines()
    return lines[-1].strip() if lines else "the prober died"
