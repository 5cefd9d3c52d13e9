"""`make bench-observer`: what the observer costs a saturated server, beside what strace costs it.

An epoll echo server, 50 connections, 64-byte messages: bare, observed, and under `strace -f`. All
stand there at once and are saturated in turn, for moments: of each run the best moment counts,
since the machine's other users only ever take. Medians of 5 runs. The last line compares what a
second of the processor does, in the same run."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from rich.table import Table

from checker import processes
from checker.observer import Ring, environment, image
from checker.reports.console import console
from checker.sandbox import ROOT

RUNS = 5
MOMENTS = 20
SECONDS = 0.05
NATIVE = ROOT / "build" / "native"


class Server(NamedTuple):
    """`pid`: of what was started, which may have started the server itself."""

    pid: int
    port: str


class Speed(NamedTuple):
    """Messages per second of the server's (and tracer's) processor, and per second of the clock."""

    processor: float
    clock: float


@contextmanager
def serving(command: list[str]) -> Iterator[Server]:
    """The echo server, started by this command."""
    server = _on_core(0, [*command, str(NATIVE / "bench_echo")])
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as echo:
        try:
            assert echo.stdout
            yield Server(echo.pid, echo.stdout.readline().strip())
        finally:
            echo.kill()


def moment(server: Server) -> Speed:
    """Saturates it."""
    before = _processor_seconds(server)
    load = _on_core(1, [str(NATIVE / "bench_load"), server.port, str(SECONDS)])
    said = subprocess.run(load, capture_output=True, check=True, text=True).stdout
    used = _processor_seconds(server) - before
    return Speed(processor=float(said) * SECONDS / used, clock=float(said))


def best_moments(servers: dict[str, Server]) -> dict[str, Speed]:
    """Of one run. The servers take turns, so that all have the same neighbours."""
    rounds = [{name: moment(server) for name, server in servers.items()} for _ in range(MOMENTS)]
    return {name: max(speeds[name] for speeds in rounds) for name in servers}


def _processor_seconds(server: Server) -> float:
    involved = [server.pid, *processes.children(server.pid)]
    return sum(processes.cpu_seconds(pid) for pid in involved)


def _on_core(core: int, command: list[str]) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2 or shutil.which("taskset") is None:
        return command
    return ["taskset", "--cpu-list", str(cores[core]), *command]


def main() -> int:
    commands: dict[str, list[str]] = {"bare": []}
    shared = Path("/dev/shm")
    with ExitStack() as opened:
        folder = tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None)
        path = Path(opened.enter_context(folder)) / "ring"
        path.write_bytes(image())
        preload = [f"{name}={value}" for name, value in environment(str(path)).items()]
        commands["observed"] = ["env", *preload]
        if strace := shutil.which("strace"):
            commands["strace -f"] = [strace, "-f", "-o", "/dev/null"]
        servers = {
            name: opened.enter_context(serving(command)) for name, command in commands.items()
        }
        runs = [best_moments(servers) for _ in range(RUNS)]
        with Ring(path) as ring:
            if not ring.read().seen:
                sys.exit("the observer was not in the program")
    table = Table("echo server", "per cpu s", "against bare", "messages/s", box=None)
    against = {
        name: statistics.median(run[name].processor / run["bare"].processor for run in runs)
        for name in commands
    }
    for name in commands:
        processor, clock = map(statistics.median, zip(*(run[name] for run in runs), strict=True))
        table.add_row(name, f"{processor:,.0f}", f"{against[name]:.2f}", f"{clock:,.0f}")
    console().print(table)
    print(f"observed/bare {against['observed']:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
