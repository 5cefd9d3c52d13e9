"""`make bench-class STUDENTS=200`: what grading a class costs beyond the compiler.

usage: python -m checker.proof.bench_class [STUDENTS]

Each different source is compiled by a bare `g++`, with the flags of its two builds, as many at once
as `lab grade` judges; then the class is graded. Memory is what the lab's own processes take
together (proportional set size, proc(5)), sampled. On a machine that others use too, processor time
tells more than the clock."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from checker import catalog, processes
from checker.check import Build
from checker.compiler import COMMON, FLAGS
from checker.grading.book import gradebook
from checker.grading.course import course_of
from checker.grading.grade import JOBS
from checker.grading.ledger import Ledger
from checker.processes import adopt_orphans
from checker.sandbox import MEBI, ROOT
from checker.tests import classroom
from checker.tests.classroom import Pupil

SEED = 1
BUILDS: tuple[Build, ...] = ("judged", "sanitised")
SAMPLED = 1.0
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Cost:
    """Seconds: on the clock, and of processors by all that was started."""

    wall: float
    processor: float


def cost(action: Callable[[], object]) -> Cost:
    """Of an action, and of what it left running, which is waited for."""
    start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    action()
    wall = time.monotonic() - start
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def compile_all(pupils: list[Pupil], folder: Path) -> int:
    """Each different source in both builds; how many sources there were."""
    sources = sorted({pair for pupil in pupils for pair in pupil.files.items()})

    def compile_one(job: tuple[int, Build]) -> None:
        number, build = job
        source, program = folder / f"{number}-{build}.cpp", folder / f"{number}-{build}"
        source.write_text(sources[number][1])
        command = ["g++", "-std=c++20", *COMMON, *FLAGS[build], str(source), "-o", str(program)]
        subprocess.run(command, stderr=subprocess.DEVNULL, check=False)  # some do not compile
        source.unlink()
        program.unlink(missing_ok=True)

    with ThreadPoolExecutor(JOBS) as threads:
        list(threads.map(compile_one, [(n, b) for n in range(len(sources)) for b in BUILDS]))
    return len(sources)


def memory(pid: int) -> int:
    """Bytes that this process and all of the lab's own below it take; compilers and students'
    programs are others."""
    interpreter, total = Path(f"/proc/{os.getpid()}/exe").readlink(), 0
    for each in (pid, *processes.descendants(pid)):
        with suppress(OSError):
            if Path(f"/proc/{each}/exe").readlink() == interpreter:
                lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
                total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def grade(folder: Path) -> int:
    """Grades the class in that folder; the most memory that was seen, in bytes."""
    command = [str(ROOT / "lab"), "grade", str(folder / "in"), "--out", str(folder / "out")]
    command += ["--roster", str(folder / "roster.csv"), "--seed", str(SEED)]
    grader = subprocess.Popen(command)
    over, most = threading.Event(), 0

    def watch() -> None:
        nonlocal most
        while not over.wait(SAMPLED):
            most = max(most, memory(grader.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    grader.wait()
    over.set()
    watcher.join()
    return most


def main(arguments: list[str]) -> int:
    pupils = classroom.invent(int(arguments[0]) if arguments else 200, catalog.tasks(), SEED)
    with ExitStack() as kept:
        folder = Path(tempfile.mkdtemp(prefix="class-"))
        kept.callback(shutil.rmtree, folder)
        classroom.hand_in(pupils, folder / "in")
        classroom.roster(pupils, folder / "roster.csv")
        (folder / "programs").mkdir()
        sources, most = 0, 0

        def compiled() -> None:
            nonlocal sources
            sources = compile_all(pupils, folder / "programs")

        def graded() -> None:
            nonlocal most
            most = grade(folder)

        adopt_orphans()
        bare, whole = cost(compiled), cost(graded)
        with Ledger(folder / "out", read=True) as ledger:
            wrong = classroom.complaints(pupils, gradebook(ledger, course_of(ledger)))
        if wrong:
            kept.pop_all()
    print("\n".join(wrong))
    print(f"{len(pupils)} students, {sources} different sources, {JOBS} at once")
    print(
        f"compiled in {bare.wall:.0f} s, graded in {whole.wall:.0f} s: "
        f"{whole.wall / bare.wall:.2f} times"
    )
    print(
        f"processor time {bare.processor:.0f} s and {whole.processor:.0f} s: "
        f"{whole.processor / bare.processor:.2f} times"
    )
    print(f"memory of the lab's own processes: at most {most / MEBI:.0f} MiB")
    print(f"grades: {len(wrong)} other than expected{f', see {folder}' if wrong else ''}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
