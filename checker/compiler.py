"""The compiler: how it is told to build, and how it is run: inside limits, without a network, and
seeing nothing but the system's headers and what it is given."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Literal

from checker.check import Build
from checker.failure import CheckerError
from checker.sandbox import FILTER, Limits, bwrap
from checker.text import plain

CPP = ["/usr/bin/g++", "-std=c++20"]
COMMON = ["-O0", "-g1", "-Wall", "-Wextra", "-pthread"]
FLAGS: dict[Build, list[str]] = {
    "judged": ["-ftrivial-auto-var-init=pattern"],
    "zeroed": ["-ftrivial-auto-var-init=zero"],
    "sanitised": [
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=undefined",
        "-fno-omit-frame-pointer",
    ],
}
SECONDS = 90.0
"""Wall time of one build."""
SAID_CAP = 256 * 1024
HEADERS = "/headers"
"""Where a confined compiler finds the headers that were compiled before."""


@cache
def toolchain() -> str:
    """The compiler's version line. CheckerError when there is no compiler."""
    try:
        done = subprocess.run(["g++", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CheckerError("no C++ compiler (g++): run `./lab doctor`") from error
    return done.stdout.splitlines()[0]


Ending = Literal["succeeded", "failed", "stopped"]


class Compilers:
    """The compilers that run for one session. Each is in a process group of its own."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._ended = False
        self._lock = threading.Lock()

    def run(
        self, command: list[str], folder: Path, inherited: Sequence[int] = ()
    ) -> tuple[Ending, str]:
        """How it ended, and what it said, as far as anybody will read."""
        with tempfile.TemporaryFile() as told:  # a file's size is limited, a pipe's content is not
            with self._lock:
                if self._ended:
                    return "stopped", ""
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=told,
                    stderr=told,
                    cwd=folder,
                    pass_fds=inherited,
                    start_new_session=True,
                )
                self._running.add(process)
            late = False
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                late = True
            with self._lock:
                self._running.remove(process)
                _kill(process)
            status = process.wait()
            if late:
                return "stopped", f"the compiler was stopped after {SECONDS:g} s"
            told.seek(0)
            said = told.read(SAID_CAP).decode(errors="replace")
            return "stopped" if self._ended else "failed" if status else "succeeded", said

    def run_in(
        self,
        out: Path,
        command: list[str],
        limits: Limits,
        confined: bool,
        headers: Path | None = None,
    ) -> tuple[Ending, str]:
        """Runs it in `out`/source. Confined, it sees `out` as /out, the source there as /source,
        which it cannot change, and `headers` as HEADERS. CheckerError: there is no prison."""
        with FILTER.open("rb") as seccomp, tempfile.TemporaryFile() as status:
            if confined:
                prison = _prison(out, headers, seccomp.fileno(), status.fileno())
                command = [*prison, *limits.as_prlimit(), *command]
            else:  # all that its user has would be counted, a browser's threads among them
                command = [*replace(limits, processes=0).as_prlimit(), *command]
            inherited = [seccomp.fileno(), status.fileno()]
            ending, said = self.run(command, out / "source", inherited)
            status.seek(0)
            if confined and ending == "failed" and b"exit-code" not in status.read():
                raise CheckerError(f"the compiler could not be started: {plain(said).strip()}")
            return ending, said

    def end(self) -> None:
        """Ends them all; none is started any more."""
        with self._lock:
            self._ended = True
            for process in self._running:
                _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError):  # poll knows nothing while another thread waits for it
            os.killpg(process.pid, signal.SIGKILL)


def _prison(out: Path, headers: Path | None, seccomp: int, status: int) -> list[str]:
    """On `status` bwrap writes the command's exit code, if it came to running the command."""
    binds = ["--bind", str(out), "/out", "--ro-bind", str(out / "source"), "/source"]
    if headers:
        binds += ["--ro-bind", str(headers), HEADERS]
    binds += ["--json-status-fd", str(status)]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return bwrap(*binds, "--chdir", "/source", seccomp=seccomp, environment=environment)
