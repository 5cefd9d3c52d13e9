"""What a program is started into, in its own world or in the open arena."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest

from checker import processes
from checker.arena import Arena, enter_open
from checker.observer import LIBRARY
from checker.prison import ENVIRONMENT, RING, Circumstances
from checker.prison import LIBRARY as INSIDE
from checker.sandbox import PROGRAM_LIMITS
from checker.scene import Scene
from checker.tests.inside import in_arena
from checker.tests.observed import built
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

T = TypeVar("T")
MORE = 30.0
"""Seconds that no test needs."""

either_arena = pytest.mark.parametrize("private", [True, False], ids=["private", "open"])


def on_stage(binary: Path, act: Callable[[Scene], T], private: bool, arguments: str = "") -> T:
    """What `act` makes of a scene with this program. The open arena is opened in a private one."""

    def work(arena: Arena) -> T:
        scene = Scene(arena if private else enter_open(), binary, arguments, Random(0))
        try:
            return act(scene)
        finally:
            scene.close()

    return in_arena(work)


def prints(main: str, private: bool, *arguments: str) -> list[str]:
    """The lines that the program prints."""
    return on_stage(
        program(main), lambda scene: scene.start().prints_lines(MORE), private, " ".join(arguments)
    )


# Limits


def test_a_sanitised_program_may_use_any_memory() -> None:
    assert Circumstances(sanitised=True).limits().memory == 0
    assert Circumstances().limits() == PROGRAM_LIMITS


@pytest.mark.parametrize("taken", [20, 5000])
def test_a_program_whose_low_descriptors_are_taken_can_open_a_few_more(taken: int) -> None:
    limits = Circumstances(taken=taken).limits()
    assert taken < limits.descriptors < taken + 100


@either_arena
def test_the_limits_hold(private: bool) -> None:
    main = 'rlimit l; getrlimit(RLIMIT_NOFILE, &l); printf("%lu\\n", l.rlim_cur);'
    assert prints(main, private) == [str(PROGRAM_LIMITS.descriptors)]


def test_in_the_open_what_else_its_user_runs_takes_nothing_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "tasks_of", lambda _: 4000)
    main = 'rlimit l; getrlimit(RLIMIT_NPROC, &l); printf("%lu\\n", l.rlim_cur);'
    assert prints(main, private=False) == [str(PROGRAM_LIMITS.processes + 4000)]
    assert prints(main, private=True) == [str(PROGRAM_LIMITS.processes)]


# Its environment


@either_arena
def test_it_finds_the_same_environment_whatever_ours_is(
    private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "of-ours")
    lines = prints("for (char** each = environ; *each; ++each) puts(*each);", private)
    found = dict(line.split("=", 1) for line in lines)
    found.pop("PWD", None)  # bubblewrap's
    assert set(found) == {*ENVIRONMENT, "LD_PRELOAD", "LOOPBACK_RING"}
    assert all(found[name] == ENVIRONMENT[name] for name in ("PATH", "HOME", "LANG", "HOSTNAME"))


@either_arena
def test_the_sanitisers_are_told_what_we_want_and_what_the_observer_needs(private: bool) -> None:
    [said] = prints('puts(getenv("ASAN_OPTIONS"));', private)
    wanted = {*ENVIRONMENT["ASAN_OPTIONS"].split(":"), "verify_asan_link_order=0"}
    assert set(said.split(":")) == wanted


def test_the_observer_is_seen_at_its_place() -> None:
    said = prints('puts(getenv("LD_PRELOAD")); puts(getenv("LOOPBACK_RING"));', private=True)
    assert said == [INSIDE, RING]
    [library, _] = prints('puts(getenv("LD_PRELOAD")); puts(getenv("LOOPBACK_RING"));', False)
    assert library == str(LIBRARY)


@either_arena
def test_the_observer_is_in_the_program_and_in_nothing_around_it(private: bool) -> None:
    def act(scene: Scene) -> list[str]:
        subject = scene.start()
        subject.exits(within=MORE)
        records = subject.program.recording().records
        return [record.text for record in records if record.call == "hello"]

    assert on_stage(program("return 0;"), act, private) == ["program"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root can look into a launcher")
def test_its_launcher_knows_nothing_of_the_observer() -> None:
    def act(scene: Scene) -> bytes:
        launcher = processes.parent(scene.start().program.pid)
        return Path(f"/proc/{launcher}/environ").read_bytes()

    environment = on_stage(program("pause();"), act, private=True)
    assert b"HOSTNAME=" in environment
    assert b"LD_PRELOAD=" not in environment


# What it may touch


WRITES = r"""
  for (int i = 1; i < argc; ++i)
    if (open(argv[i], O_WRONLY) >= 0) puts(argv[i]);
"""


def test_it_may_write_to_its_ring_and_to_nothing_else_that_it_is_shown() -> None:
    shown = [RING, INSIDE, "/launch", "/program/program", "/etc/hosts", "/etc/resolv.conf"]
    assert prints(WRITES, True, *shown) == [RING]


def test_it_can_put_nothing_in_the_place_of_its_ring() -> None:
    main = 'puts(said(unlink(argv[1]))); puts(said(rename("/program/program", argv[1])));'
    assert "done" not in prints(main, True, RING)


# What is left of it here


@either_arena
def test_no_descriptor_of_ours_stays_open(private: bool) -> None:
    def act(scene: Scene) -> tuple[set[str], set[str]]:
        before = set(os.listdir("/proc/self/fd"))
        for _ in range(3):
            subject = scene.start()
            subject.exits(within=MORE)
            subject.program.stop()
        return before, set(os.listdir("/proc/self/fd"))

    before, after = on_stage(program("return 0;"), act, private)
    assert after <= before  # of what was open before, the garbage collector may close some


@pytest.mark.parametrize("sanitiser", ["address,undefined", "thread"])
def test_sanitised_threads_and_children_run_behind_the_filter(sanitiser: str) -> None:
    threads = r"""
      #include <sys/wait.h>
      #include <unistd.h>
      #include <cstdio>
      #include <thread>
      int main() {
        std::thread([] { std::puts("thread"); }).join();
        std::fflush(stdout);
        if (fork() == 0) return 3;
        int status = 0;
        wait(&status);
        std::printf("child %d\n", WEXITSTATUS(status));
      }
    """
    command = f"g++ -std=c++20 -pthread -fsanitize={sanitiser}"
    binary = built(command, "\n".join(line.strip() for line in threads.splitlines()))

    def work(arena: Arena) -> list[str]:
        scene = Scene(arena, binary, "", Random(0), sanitised=True)
        try:
            return scene.start().prints_lines(MORE)
        finally:
            scene.close()

    assert in_arena(work) == ["thread", "child 3"]
