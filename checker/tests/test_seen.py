"""What the observer sees of a program, from the program's calls to the result of a check."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from checker.results import CheckResult
from checker.tests.judging import by_id, judge
from checker.tests.programs import program
from checker.timeline import Event

pytestmark = pytest.mark.usefixtures("private_arena")

MORE = 30.0
"""Seconds that no test needs."""

MODES = r"""
  const auto told = [&](const char* mode) { return strcmp(argv[1], mode) == 0; };
  char buffer[64];
  int ends[2];
  if (told("serves")) {
    int listener = listening(argv[2]);
    for (;;) {
      int client = accept(listener, nullptr, nullptr);
      for (ssize_t n = 0; (n = read(client, buffer, sizeof buffer)) > 0;)
        if (write(client, buffer, static_cast<size_t>(n)) != n) return 1;
      close(client);
    }
  }
  if (told("forks")) {
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    const char* words[] = {"a", "b"};
    for (const char* word : words) {
      if (fork() == 0) { send(ends[0], word, 1, 0); _exit(3); }
      wait(nullptr);
    }
  }
  if (told("empties its ring") || told("scribbles")) {
    int ring = open(getenv("LOOPBACK_RING"), O_RDWR);
    memset(buffer, 0xff, sizeof buffer);
    if (told("scribbles")) {
      for (int i = 0; i < 20000; ++i)
        if (write(ring, buffer, sizeof buffer) < 0) return 1;
    } else if (ftruncate(ring, 0) < 0) {
      return 1;
    }
    if (syscall(SYS_write, 1, "Hello\n", 6) < 0) return 1;
    syscall(SYS_exit_group, 0);
  }
  if (told("goes on without its ring")) {
    if (truncate(getenv("LOOPBACK_RING"), 0) == 0) puts("Hello");
    fflush(stdout);
    close(socket(AF_INET, SOCK_STREAM, 0));
  }
"""
CHECKS = """
from checker.scene import Server

def serves(scene, faults=""):
    port = scene.port()
    subject = scene.start(message="serves", port=port, faults=faults)
    subject.listens("TCP", port)
    return Server(subject, port)

def waits_for_more(server):
    def waits() -> bool:
        return [call.call for call in server.program.recording().blocked()] == ["read"]

    server.program.must_soon(waits, "a call of read", str)

@check("core", "passes", why="w")
def test_passes(scene: Scene) -> None:
    server = serves(scene)
    client = scene.connect(server)
    client.says(b"Hello")
    client.hears(b"Hello")
    waits_for_more(server)

@check("core", "fails", why="w")
def test_fails(scene: Scene) -> None:
    server = serves(scene)
    client = scene.connect(server)
    client.says(b"Hello")
    waits_for_more(server)
    client.hears(b"Jello")

@check("core", "is interrupted", why="w")
def test_interrupted(scene: Scene) -> None:
    server = serves(scene, "recv* short 2 on call 1; read EINTR on call 3")
    client = scene.connect(server)
    client.says(b"Hello")
    client.hears(b"Hello")
    client.hears_end()

@check("core", "has children", why="w")
def test_children(scene: Scene) -> None:
    scene.start(message="forks").succeeds(MORE)

@check("core", "runs twice", why="w")
def test_twice(scene: Scene) -> None:
    for _ in range(2):
        scene.start(message="forks").succeeds(MORE)

@check("core", "empties its ring", why="w")
def test_empties(scene: Scene) -> None:
    scene.start(message="empties its ring").prints(b"Hello", MORE)

@check("core", "scribbles", why="w")
def test_scribbles(scene: Scene) -> None:
    subject = scene.start(message="scribbles")
    subject.prints(b"Hello", MORE)
    subject.succeeds(MORE)

@check("core", "scribbles and fails", why="w")
def test_scribbles_and_fails(scene: Scene) -> None:
    scene.start(message="scribbles").prints(b"Jello", MORE)

@check("core", "goes on", why="w")
def test_goes_on(scene: Scene) -> None:
    subject = scene.start(message="goes on without its ring")
    subject.prints(b"Hello", MORE)
    subject.succeeds(MORE)
"""


class Seen(NamedTuple):
    """The results of CHECKS by their names, and the log."""

    results: dict[str, CheckResult]
    log: str


@pytest.fixture(scope="module", params=[True, False], ids=["private", "open"])
def seen(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    judged = judge(
        tmp_path_factory.mktemp("seen"),
        CHECKS,
        program(MODES),
        private=request.param,
        template="{message} {port}",
    )
    return Seen(by_id(judged.result), judged.log)


def calls(result: CheckResult) -> list[Event]:
    return [event for event in result.timeline if event.kind == "call"]


def told(events: list[Event]) -> list[str]:
    """Each call in words; the kernel's choice of a port is left out."""
    return [re.sub(r"(\.\d+):\d+", r"\1:*", f"{event.text} {event.answer}") for event in events]


SERVED = [
    "socket(AF_INET, SOCK_STREAM) = 3",
    "setsockopt(3, SOL_SOCKET, SO_REUSEADDR, 1) = 0",
    "bind(3, 0.0.0.0:*) = 0",
    "listen(3, 16) = 0",
    "accept(3) = 4 from 127.0.0.1:*",
    'read(4, 64) = 5 "Hello"',
    'write(4, "Hello", 5) = 5',
    "read(4, 64) ",
]


@pytest.mark.parametrize("name", ["passes", "fails"])
def test_a_timeline_holds_the_programs_calls_in_their_order(seen: Seen, name: str) -> None:
    assert told(calls(seen.results[name])) == SERVED
    assert {event.actor for event in calls(seen.results[name])} == {"your program"}


@pytest.mark.parametrize("name", ["passes", "fails"])
def test_calls_and_steps_stand_in_one_order(seen: Seen, name: str) -> None:
    timeline = seen.results[name].timeline
    assert [event.at for event in timeline] == sorted(event.at for event in timeline)
    texts = [event.text for event in timeline]
    says = texts.index('sends 5 bytes, "Hello"')
    assert texts.index("listen(3, 16)") < says < texts.index('write(4, "Hello", 5)')


def test_the_calls_are_no_steps(seen: Seen) -> None:
    failed = seen.results["fails"]
    steps = [f"{event.actor} {event.text}" for event in failed.timeline if event.kind == "step"]
    assert steps == failed.steps
    assert not any("accept" in step for step in failed.steps)


@pytest.mark.parametrize("name", ["passes", "fails"])
def test_the_call_that_the_program_is_in_is_marked(seen: Seen, name: str) -> None:
    marked = [event for event in calls(seen.results[name]) if event.mark]
    assert [(event.text, event.mark) for event in marked] == [("read(4, 64)", "blocked")]


def test_the_step_that_failed_is_marked(seen: Seen) -> None:
    [marked] = [event for event in seen.results["fails"].timeline if event.mark == "failed"]
    assert marked.text == 'waits for 5 bytes, "Jello"'
    assert not any(event.mark == "failed" for event in seen.results["passes"].timeline)


def test_a_call_that_the_lab_made_fail_is_marked(seen: Seen) -> None:
    marked = [event for event in calls(seen.results["interrupted"]) if event.mark == "injected"]
    assert told(marked) == ['read(4, 64) = 2 "He"', "read(4, 64) = EINTR"]


def test_what_the_lab_does_to_the_calls_is_told_beforehand(seen: Seen) -> None:
    assert seen.results["interrupted"].steps[1:3] == [
        "the lab makes call 1 of read or recv pass at most 2 bytes",
        "the lab makes call 3 of read fail with EINTR",
    ]


def test_a_check_whose_faults_happened_is_judged(seen: Seen) -> None:
    assert seen.results["interrupted"].outcome == "passed"


def test_children_have_lanes_of_their_own(seen: Seen) -> None:
    made = [(event.actor, *told([event])) for event in calls(seen.results["children"])]
    assert [call for who, call in made if who == "your program, child 1"] == [
        'send(3, "a", 1) = 1',
        "_exit(3) ",
    ]
    assert [call for who, call in made if who == "your program, child 2"] == [
        'send(3, "b", 1) = 1',
        "_exit(3) ",
    ]
    parents = [call for who, call in made if who == "your program"]
    assert [call.partition("(")[0] for call in parents][:5] == [
        *("socketpair", "fork", "wait", "fork", "wait")
    ]


def test_each_program_of_a_check_is_told_to_its_end(seen: Seen) -> None:
    parents = [event for event in calls(seen.results["twice"]) if event.actor == "your program"]
    once = ["socketpair", "fork", "wait", "fork", "wait", "exited with status 0)"]
    assert [event.text.lstrip("(").partition("(")[0] for event in parents] == [*once, *once]


def test_the_log_tells_the_calls(seen: Seen) -> None:
    section = seen.log.partition("== fails ")[2].partition("\n== ")[0]
    lines = [line.split(maxsplit=1)[1] for line in section.splitlines() if "your program " in line]
    assert [re.sub(r"(\.\d+):\d+", r"\1:*", line) for line in lines if "(" in line] == [
        *(f"your program {call}" for call in SERVED[:-1]),
        "your program read(4, 64) did not return",
    ]


def test_in_the_log_only_a_call_that_should_have_returned_did_not(seen: Seen) -> None:
    section = seen.log.partition("== children ")[2].partition("\n== ")[0]
    assert "your program, child 1 _exit(3)\n" in section
    assert "did not return" not in section


@pytest.mark.parametrize("name", ["empties", "scribbles"])
def test_a_program_that_spoils_its_ring_is_judged_by_what_it_does(seen: Seen, name: str) -> None:
    assert (seen.results[name].outcome, seen.results[name].reason) == ("passed", "")


def test_a_program_that_spoils_its_ring_can_fail(seen: Seen) -> None:
    failed = seen.results["scribbles_and_fails"]
    assert failed.outcome == "failed"
    assert '"Hello\\n"' in failed.got


def test_a_program_that_dies_of_its_spoilt_ring_has_failed_itself(seen: Seen) -> None:
    assert seen.results["goes_on"].outcome == "failed"
    assert seen.results["goes_on"].got == "it was killed by signal 7 (SIGBUS)"
