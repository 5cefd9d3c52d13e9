"""What a check may ask of a recording, and of the faults that it has planned."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import pytest

from checker.arena import DEFAULT_PORT
from checker.failure import CheckSkipped
from checker.scene import LAST_CALLS, Scene
from checker.subject import UNSEEN, Subject
from checker.tests.inside import on_stage
from checker.tests.programs import program
from checker.timeline import Event

pytestmark = pytest.mark.usefixtures("private_arena")

T = TypeVar("T")
MORE = 30.0
"""Seconds that no test needs."""


def on(main: str, act: Callable[[Subject], T], faults: str = "") -> T:
    """What `act` makes of this program once it is over."""

    def ended(scene: Scene) -> T:
        subject = scene.start(faults=faults)
        subject.exits(within=MORE)
        return act(subject)

    return on_stage(program(main), ended, "")


def test_a_recording_grows_while_the_program_runs() -> None:
    def act(scene: Scene) -> tuple[int, int]:
        subject = scene.start("piped")
        subject.prints(b"1\n", within=MORE)
        before = subject.recording()
        subject.reads(b"x")
        subject.prints(b"1\n2\n", within=MORE)
        after = subject.recording()
        assert after.records[: len(before.records)] == before.records
        return len(before.calls("socket")), len(after.calls("socket"))

    main = """
      char c;
      close(socket(AF_INET, SOCK_STREAM, 0));
      puts("1");
      if (read(0, &c, 1) == 1) close(socket(AF_INET, SOCK_STREAM, 0));
      puts("2");
      pause();
    """
    assert on_stage(program(main), act, "") == (1, 2)


def test_the_last_calls_and_the_very_first_record_can_be_asked_for() -> None:
    def act(subject: Subject) -> tuple[list[str], int]:
        recording = subject.program.recording(last=3)
        return [f"{record.call} {record.text}" for record in recording.records], recording.written

    main = "for (int i = 0; i < 9; ++i) listen(-1, i);"
    last = ["hello program", "listen 6", "listen 7", "listen 8"]
    assert on(main, act) == (last, 10)


def test_a_child_keeps_its_lane_when_its_parents_calls_are_no_longer_shown() -> None:
    def act(scene: Scene) -> list[Event]:
        scene.start().exits(within=MORE)
        return list(scene.calls())

    main = f"""
      close(socket(AF_INET, SOCK_STREAM, 0));
      pid_t child = fork();
      if (child == 0) {{ for (int i = 0; i < {LAST_CALLS}; ++i) listen(-1, i); _exit(0); }}
      siginfo_t ended;
      waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED);
    """
    shown = [event for event in on_stage(program(main), act, "") if "listen" in event.text]
    assert {event.actor for event in shown} == {"your program, child 1"}


def test_a_program_that_is_gone_has_no_recording() -> None:
    def act(subject: Subject) -> tuple[bool, bool]:
        before = subject.program.recording().seen
        subject.program.stop()
        return before, subject.program.recording().seen

    assert on("return 0;", act) == (True, False)


def test_without_a_recording_a_check_is_skipped() -> None:
    def act(subject: Subject) -> None:
        subject.program.stop()
        subject.recording()

    with pytest.raises(CheckSkipped, match=re.escape(UNSEEN)):
        on("return 0;", act)


SOCKETS = "for (int i = 0; i < 2; ++i) close(socket(AF_INET, SOCK_STREAM, 0));"


@pytest.mark.parametrize(
    ("plan", "unharmed", "harmed"),
    [
        ("", [], False),
        ("socket EMFILE", [], True),
        ("socket EMFILE on call 2", [], True),
        ("socket EMFILE on calls 2,9", [], True),
        ("socket EMFILE on call 3", ["socket 2 times"], False),
        ("accept* EINTR", ["accept never"], False),
        ("close EINTR once; bind EACCES; listen EACCES", ["bind never", "listen never"], True),
    ],
)
def test_it_is_known_which_faults_happened(plan: str, unharmed: list[str], harmed: bool) -> None:
    def act(subject: Subject) -> tuple[list[str], bool]:
        return subject.unharmed(), subject.harmed()

    reasons = [f"your program calls {which}: nothing to make fail" for which in unharmed]
    assert on(SOCKETS, act, plan) == (reasons, harmed)


def test_a_refused_plan_is_named() -> None:
    with pytest.raises(CheckSkipped, match="refused, rule 1: reed EINTR"):
        on(SOCKETS, Subject.unharmed, "reed EINTR")


def test_one_call_is_counted_in_the_singular() -> None:
    main = "close(socket(AF_INET, SOCK_STREAM, 0));"
    [reason] = on(main, Subject.unharmed, "socket EMFILE on call 2")
    assert reason == "your program calls socket 1 time: nothing to make fail"


def test_a_server_can_be_started_with_faults_and_taken_descriptors() -> None:
    def act(scene: Scene) -> tuple[list[str], list[str]]:
        server = scene.serve("TCP", faults="socket EINTR once", taken=20)
        recording = server.program.recording()
        sockets = [f"{call.result} {call.error}" for call in recording.calls("socket")]
        return scene.timeline.sentences(), sockets

    main = "socket(AF_INET, SOCK_STREAM, 0); listening(argv[1]); pause();"
    steps, sockets = on_stage(program(main), act, str(DEFAULT_PORT))
    assert steps[1:3] == [
        "the lab leaves it no free descriptor below 20",
        "the lab makes the first call of socket fail with EINTR",
    ]
    assert sockets == ["-1 EINTR", "20 "]
