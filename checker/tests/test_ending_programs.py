"""The promise: a program is ended completely, with everything that it started."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest

from checker import sandbox
from checker.arena import Arena
from checker.clock import Deadline
from checker.failure import CheckFailed
from checker.loop import Loop
from checker.scene import Scene
from checker.subject import Subject
from checker.tests.inside import in_arena
from checker.tests.programs import alive, program

pytestmark = pytest.mark.usefixtures("private_arena")

MORE = 30.0
"""Seconds that no test needs."""

READY = 'puts("ready");'
HANGS = "for (;;) pause();"
IGNORES_SIGNALS = f"for (int s = 1; s < 65; ++s) signal(s, SIG_IGN); {READY} {HANGS}"
FORKS_WITHOUT_END = f"{READY} for (;;) fork();"
LEAVES_CHILDREN = f"for (int i = 0; i < 20; ++i) if (fork() == 0) {HANGS} {READY}"
LEAVES_ZOMBIES = f"for (int i = 0; i < 20; ++i) if (fork() == 0) _exit(0); {READY} {HANGS}"
BECOMES_A_DAEMON = r"""
  int started[2];
  if (pipe(started) < 0) return 1;
  if (fork() == 0) {
    setsid();
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    if (fork() != 0) _exit(0);
    if (chdir("/") < 0) return 1;
    puts("ready");
    for (int descriptor = 0; descriptor < 1024; ++descriptor) close(descriptor);
    for (;;) pause();
  }
  close(started[1]);
  return static_cast<int>(read(started[0], started, 1));
"""
STAYS_IN_REACH = {
    "hangs": f"{READY} {HANGS}",
    "spins": f"{READY} for (;;) {{}}",
    "ignores signals": IGNORES_SIGNALS,
    "stops itself": f"{READY} kill(0, SIGSTOP);",
    "forks without end": FORKS_WITHOUT_END,
    "leaves children": LEAVES_CHILDREN,
    "leaves zombies": LEAVES_ZOMBIES,
    "becomes a daemon": BECOMES_A_DAEMON,
}
FIGHTS_THE_SANDBOX = {
    "kills everybody": f"{READY} if (fork() == 0) {HANGS} kill(-1, SIGKILL); {HANGS}",
    "kills who started it": f"{READY} if (fork() == 0) {HANGS} kill(getppid(), SIGKILL); {HANGS}",
    "stops who started it": f"kill(getppid(), SIGSTOP); {READY} {HANGS}",
    "traces the first process": f"ptrace(PTRACE_SEIZE, 1, 0, 0); ptrace(PTRACE_INTERRUPT, 1, 0, 0);"
    f"{READY} {HANGS}",
}


def on_some_stage(
    main: str, private: bool, act: Callable[[Scene, Subject], object], word: str = ""
) -> None:
    """The program has `word` for an argument, and so has everything that it starts."""
    built, launch = program(main), sandbox.LAUNCH

    def work(arena: Arena) -> None:
        # The open arena is tried inside the private one, and what forks without end in a pid
        # namespace, so that nothing can get out.
        stage = arena if private else Arena(False, arena.hostname, drops_to=arena.drops_to)
        scene = Scene(stage, binary, word, Random(0))
        subject = scene.start()
        subject.prints(b"ready\n", within=MORE)
        act(scene, subject)

    # A program without rights may not enter a clone that is in /root.
    with TemporaryDirectory() as folder, patch.object(sandbox, "LAUNCH", Path(folder, "launch")):
        Path(folder).chmod(0o755)
        shutil.copy(launch, sandbox.LAUNCH)
        binary = Path(shutil.copy(built, folder))
        in_arena(work, own_pids=main == FORKS_WITHOUT_END)


@pytest.fixture
def word() -> str:
    """No other process on this machine has it for an argument."""
    return secrets.token_hex(8)


def is_ended_completely(main: str, private: bool, word: str) -> None:
    def act(_: Scene, subject: Subject) -> None:
        subject.program.stop()
        assert alive(word) == []

    on_some_stage(main, private, act, word)


@pytest.mark.parametrize("main", (every := STAYS_IN_REACH | FIGHTS_THE_SANDBOX).values(), ids=every)
def test_in_its_arena_a_program_is_ended_with_all_that_it_started(main: str, word: str) -> None:
    is_ended_completely(main, private=True, word=word)


@pytest.mark.parametrize("main", STAYS_IN_REACH.values(), ids=STAYS_IN_REACH)
def test_in_the_open_too_a_program_is_ended_with_all_that_it_started(main: str, word: str) -> None:
    is_ended_completely(main, private=False, word=word)


@pytest.mark.parametrize(
    ("how", "private"),
    [
        ("hangs", True),
        ("stops who started it", True),
        ("hangs", False),
        ("leaves children", False),
        ("becomes a daemon", False),
    ],
)
def test_a_prober_that_is_killed_takes_all_with_it(how: str, private: bool, word: str) -> None:
    def act(*_: object) -> None:
        assert alive(word)
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(AssertionError, match="the process in the arena died"):
        on_some_stage((STAYS_IN_REACH | FIGHTS_THE_SANDBOX)[how], private, act, word)
    assert Loop().wait(lambda: not alive(word), Deadline(MORE), poll=0.01)


@pytest.mark.parametrize("private", [True, False], ids=["private", "open"])
def test_forking_without_end_stops_at_the_limit(private: bool) -> None:
    limit = sandbox.PROGRAM_LIMITS.processes

    def act(scene: Scene, subject: Subject) -> None:
        def full() -> bool:
            return len(subject.program.family()) > limit - 10

        assert scene.loop.wait(full, Deadline(MORE), poll=0.01)
        assert len(subject.program.family()) <= limit
        subject.program.stop()

    on_some_stage(FORKS_WITHOUT_END, private, act)


def test_who_ignores_a_signal_is_waited_for_only_until_the_deadline(word: str) -> None:
    def act(_: Scene, subject: Subject) -> None:
        with pytest.raises(CheckFailed) as caught:
            subject.stops_on(signal.SIGTERM, within=0.1)
        assert (caught.value.expected, caught.value.got) == ("the program to end", "it still runs")
        subject.program.stop()
        assert alive(word) == []

    on_some_stage(IGNORES_SIGNALS, True, act, word)


@pytest.mark.parametrize("how", ["hangs", "spins", "forks without end", "stops who started it"])
def test_who_does_not_exit_is_waited_for_only_until_the_deadline(how: str) -> None:
    def act(_: Scene, subject: Subject) -> None:
        with pytest.raises(CheckFailed) as caught:
            subject.exits(within=0.1)
        assert caught.value.got == "it still runs after 0.1 s"
        subject.program.stop()

    on_some_stage((STAYS_IN_REACH | FIGHTS_THE_SANDBOX)[how], True, act)


def test_a_stopped_program_can_be_stopped_again() -> None:
    def act(_: Scene, subject: Subject) -> None:
        subject.program.stop()
        subject.program.stop()

    on_some_stage(STAYS_IN_REACH["hangs"], True, act)
