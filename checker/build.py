"""Source to binary: a stranger's code is compiled inside limits, without a network, and sees
nothing but the system's headers and its own folder."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from checker import processes
from checker.check import Build
from checker.failure import CheckerError
from checker.sandbox import COMPILER_LIMITS, FILTER, ROOT, bwrap
from checker.source import Source
from checker.text import plain

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
KEPT_BUILDS = 64
IN_USE_SECONDS = 600
"""A build may be in use for so long after it was last asked for."""
COLOUR = re.compile(r"(\x1b\[[0-9;]*[mK])")
COMMAND = re.compile(r"^(?=[^\S\n]*(::|##\[))", re.MULTILINE)
"""Where a line begins that GitHub's or Azure's runner takes for a command."""
CACHE = ROOT / ".cache" / "builds"


@dataclass(frozen=True)
class Compiled:
    """`binary` is None when it does not compile; `said` is what the compiler printed."""

    binary: Path | None
    said: str


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


def compile_source(
    source: Source,
    build: Build,
    confined: bool,
    colour: bool = False,
    compilers: Compilers | None = None,
    folder: Path | None = None,
) -> Compiled:
    """Compiles, or takes the binary of an equal source from `folder`, else from the cache. What is
    in a `folder` of one's own stays there."""
    cache = folder or CACHE
    key = hashlib.sha256(
        "\0".join(
            [
                source.sha256(),
                *source.units,
                source.name,
                build,
                toolchain(),
                "coloured" if colour else "",
                "confined" if confined else "",  # outside, it may have read what is not its own
                *COMMON,
                *FLAGS[build],
            ]
        ).encode()
    ).hexdigest()[:24]
    kept = cache / key / source.name
    if kept.exists():
        os.utime(kept.parent)
        return Compiled(kept, (kept.parent / "said").read_text())
    cache.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=cache, prefix="new-") as new,
        FILTER.open("rb") as seccomp,
        tempfile.TemporaryFile() as status,
    ):
        out = Path(new)
        source.write_to(out / "source")
        command = _compiler(source, build, confined, colour, out)
        command = [*COMPILER_LIMITS.as_prlimit(), *command]
        if confined:
            command = [*_prison(out, seccomp.fileno(), status.fileno()), *command]
        inherited = [seccomp.fileno(), status.fileno()]
        killed = processes.killed_for_memory()
        ending, raw = (compilers or Compilers()).run(command, out / "source", inherited)
        status.seek(0)
        if confined and ending == "failed" and b"exit-code" not in status.read():
            raise CheckerError(f"the compiler could not be started: {plain(raw).strip()}")
        said = _readable(raw, colour)
        if ending != "succeeded":
            _demand_room(out)
            if processes.killed_for_memory() > killed:  # the compiler, for all we know
                raise CheckerError("the machine ran out of memory while it compiled")
            return Compiled(None, said)
        (out / "said").write_text(said)
        if not kept.parent.exists():
            _keep(out, kept.parent)
    if folder is None:
        _forget_old_builds()
    return Compiled(kept, said)


def _demand_room(folder: Path) -> None:
    """Who found no room for the program has failed for no fault of the source. OSError: there is
    less than one may take."""
    with tempfile.TemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, COMPILER_LIMITS.file)


def _readable(said: str, colour: bool) -> str:
    """Without what a terminal or a CI service would obey: the compiler quotes the source as it is.
    Colours are the compiler's own, if it was told to use them."""
    pieces = COLOUR.split(said) if colour else [said]
    text = "".join(piece if COLOUR.fullmatch(piece) else plain(piece) for piece in pieces)
    return COMMAND.sub("?", text)


def _prison(out: Path, seccomp: int, status: int) -> list[str]:
    """Around a compiler; `out` is its `/out`. On `status` bwrap writes the command's exit code, if
    it came to running the command."""
    binds = ["--bind", str(out), "/out", "--ro-bind", str(out / "source"), "/source"]
    binds += ["--json-status-fd", str(status)]
    environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return bwrap(*binds, "--chdir", "/source", seccomp=seccomp, environment=environment)


def _compiler(source: Source, build: Build, confined: bool, colour: bool, out: Path) -> list[str]:
    """What compiles the source, of which a copy is in `out`."""
    in_c = all(unit.endswith(".c") for unit in source.units)
    compiler = ["/usr/bin/gcc"] if in_c else ["/usr/bin/g++", "-std=c++20"]
    inside = Path("/out") if confined else out
    units = [f"./{unit}" if unit[0] in "-@" else unit for unit in source.units]  # gcc(1): @file
    command = [*compiler, *COMMON, *FLAGS[build], *units, "-o", str(inside / source.name)]
    command.append(f"-fdebug-prefix-map={'/source' if confined else out / 'source'}=.")
    if colour:
        command.append("-fdiagnostics-color=always")
    return command


def _keep(new: Path, kept: Path) -> None:
    """Another process may have kept an equal build meanwhile; then ours is not needed."""
    shutil.rmtree(new / "source")
    with suppress(OSError):
        new.rename(kept)
        new.mkdir()  # for the context that will remove it


def _forget_old_builds() -> None:
    """Another process may be doing the same."""
    found: list[tuple[float, Path]] = []
    for path in CACHE.iterdir():
        with suppress(FileNotFoundError):
            found.append((path.stat().st_mtime, path))
    for last_use, old in sorted(found, reverse=True)[KEPT_BUILDS:]:
        if last_use < time.time() - IN_USE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
