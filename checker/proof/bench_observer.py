"""`make bench-observer`: what the observer costs a saturated server, beside what strace costs it.

An epoll echo server, 50 connections, 64-byte messages: bare, observed, and under `strace -f`.
Medians of 5, interleaved in one run. The last line compares what a second of the processor does:
the server is saturated, and the clock would measure the machine's other users too."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from rich.table import Table

from checker import processes
from checker.observer import Ring, environment, image
from checker.reports.console import console
from checker.sandbox import ROOT

RUNS = 5
SECONDS = 1.0
NATIVE = ROOT / "build" / "native"


class Speed(NamedTuple):
    """Messages per second of the clock, and per second of the server's (and tracer's) processor."""

    clock: float
    processor: float


def measured(command: list[str]) -> Speed:
    server = _on_core(0, [*command, str(NATIVE / "bench_echo")])
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True) as echo:
        assert echo.stdout
        try:
            port = echo.stdout.readline().strip()
            load = _on_core(1, [str(NATIVE / "bench_load"), port, str(SECONDS)])
            said = subprocess.run(load, capture_output=True, check=True, text=True)
            involved = [echo.pid, *processes.children(echo.pid)]
            used = sum(map(_processor_seconds, involved))
        finally:
            echo.kill()
    return Speed(clock=float(said.stdout), processor=float(said.stdout) * SECONDS / used)


def _processor_seconds(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _on_core(core: int, command: list[str]) -> list[str]:
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2 or shutil.which("taskset") is None:
        return command
    return ["taskset", "--cpu-list", str(cores[core]), *command]


def main() -> int:
    strace = shutil.which("strace")
    figures: dict[str, list[Speed]] = {"bare": [], "observed": []}
    if strace:
        figures["strace -f"] = []
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        for _ in range(RUNS):
            figures["bare"].append(measured([]))
            path = Path(folder) / "ring"
            path.write_bytes(image())
            with Ring(path) as ring:
                preload = [f"{name}={value}" for name, value in environment(str(path)).items()]
                figures["observed"].append(measured(["env", *preload]))
                if not ring.read().seen:
                    sys.exit("the observer was not in the program")
            if strace:
                figures["strace -f"].append(measured([strace, "-f", "-o", "/dev/null"]))
    table = Table(
        "echo server", "messages/s", "against bare", "per cpu s", "against bare", box=None
    )
    medians = {
        name: Speed(*map(statistics.median, zip(*figures[name], strict=True))) for name in figures
    }
    bare = medians["bare"]
    for name, speed in medians.items():
        clock, processor = speed.clock / bare.clock, speed.processor / bare.processor
        table.add_row(
            name,
            f"{speed.clock:,.0f}",
            f"{clock:.2f}",
            f"{speed.processor:,.0f}",
            f"{processor:.2f}",
        )
    console().print(table)
    print(f"observed/bare {medians['observed'].processor / bare.processor:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
