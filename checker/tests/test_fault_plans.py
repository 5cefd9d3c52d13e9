"""The proof by random faults finds what it is there to find, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checker import catalog
from checker.failure import CheckerError
from checker.observer import RULES
from checker.proof import fault_plans
from checker.proof.plans import CALLS, LONGEST, PASSING, SHORT, Plan, plan
from checker.proof.plays.trial import PLAYS, Trial, tried
from checker.tests.inside import in_arena
from checker.tests.observed import observed
from checker.tests.programs import program

SERVER = """
  signal(SIGPIPE, SIG_IGN);
  int listener = listening(argv[1]);
  for (;;) {
    int client = accept(listener, nullptr, nullptr);
    char buffer[1024];
    for (;;) {
      ssize_t n = read(client, buffer, sizeof buffer);
      if (n < 0 && errno == EINTR) { INTERRUPTED }
      if (n < 0) { RESET }
      if (n <= 0) break;
      ssize_t done = 0;
      while (done < n) {
        ssize_t put = write(client, buffer + done, static_cast<size_t>(n - done));
        if (put < 0) break;
        SHORTENED
      }
      if (done < n) break;
    }
    close(client);
  }
"""
CLIENT = """
  char name[65] = "";
  if (gethostname(name, sizeof name) < 0) { FAILED }
  printf("host name: %s\\n", name);
"""


def server(
    interrupted: str = "continue;", shortened: str = "done += put;", reset: str = "break;"
) -> Path:
    text = SERVER.replace("INTERRUPTED", interrupted).replace("SHORTENED", shortened)
    return program(text.replace("RESET", reset))


def client(failed: str) -> Path:
    return program(CLIENT.replace("FAILED", failed))


def trial(binary: Path, *rules: str, task: str = "10", seed: int = 1) -> Trial:
    one = Plan(seed, task, rules, least=1, sanitised=False)
    arguments = catalog.find(task).file.arguments
    return in_arena(lambda arena: tried(arena, one, binary, arguments))


INTERRUPTED = "recv* EINTR once"
SHORTENED = "send* short 3 once"


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize("rule", [INTERRUPTED, SHORTENED, "recv* ECONNRESET on calls 1,2"])
def test_nothing_is_wrong_with_a_right_server(rule: str) -> None:
    played = [trial(server(), rule, seed=seed) for seed in range(5)]
    assert [each.wrong for each in played] == [""] * 5
    assert any(each.struck for each in played)  # a client that resets may be gone before the read


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize(
    ("rule", "broken", "says"),
    [
        (INTERRUPTED, {"interrupted": "abort();"}, r"killed by signal 6 \(SIGABRT\)"),
        (INTERRUPTED, {"interrupted": "for (;;) pause();"}, "silence for 3.0 s"),
        (INTERRUPTED, {"interrupted": "break;"}, "it ends here, after 0 bytes"),
        (INTERRUPTED, {"interrupted": "n = 5;"}, "first difference at byte 0"),
        (INTERRUPTED, {"interrupted": "return 0;"}, "exited with status 0"),
        (INTERRUPTED, {"interrupted": "return 1;"}, "got nothing"),
        (
            INTERRUPTED,
            {"interrupted": 'fprintf(stderr, "error: read: Success\\n"); return 1;'},
            "expected `error: read: Interrupted system call`",
        ),
        (SHORTENED, {"shortened": "done = n;"}, "at byte 3|after 3 bytes"),
        (SHORTENED, {"shortened": "if (put == n) done = n;"}, "at byte 3"),
    ],
)
def test_a_broken_server_is_found_out(rule: str, broken: dict[str, str], says: str) -> None:
    binary = server(**broken)
    assert any(re.search(says, trial(binary, rule, seed=seed).wrong) for seed in range(3))


@pytest.mark.usefixtures("private_arena")
def test_a_server_that_has_let_its_last_client_go_must_wait_for_the_next() -> None:
    spins = server(reset="close(client); for (;;) pause();")
    one_client = 0
    assert "it does neither" in trial(spins, "recv* ECONNRESET once", seed=one_client).wrong


@pytest.mark.usefixtures("private_arena")
def test_a_client_may_say_that_it_failed_but_not_that_it_succeeded() -> None:
    rule = "gethostname ENAMETOOLONG always"
    right = 'fprintf(stderr, "error: gethostname: %s\\n", strerror(errno)); return 1;'
    assert trial(client(right), rule, task="01").wrong == ""
    assert "first difference" in trial(client(""), rule, task="01").wrong
    assert "exit status 1" in trial(client("raise(SIGSEGV);"), rule, task="01").wrong
    assert "ends here" in trial(client("return 0;"), rule, task="01").wrong


@pytest.mark.usefixtures("private_arena")
def test_what_is_wrong_is_told_with_a_picture_of_it() -> None:
    wrong = trial(server(interrupted="abort();"), INTERRUPTED).wrong
    assert "client 1" in wrong and "read(4, 1024) = EINTR" in wrong


def test_every_error_is_one_that_the_observer_knows(tmp_path: Path) -> None:
    known = {
        f"{call} {error}{' 1' if error == SHORT else ''}"
        for calls in CALLS.values()
        for call, errors in (calls.begin | calls.work).items()
        for error in errors
    }
    rules = sorted(known)
    for start in range(0, len(rules), RULES):
        recording, _, _ = observed(tmp_path, "", faults=";".join(rules[start : start + RULES]))
        assert recording.seen and recording.refused == ""


def test_plans_vary_with_the_seed_and_only_with_it() -> None:
    assert [plan(seed) for seed in range(50)] == [plan(seed) for seed in range(50)]
    assert len({plan(seed).text for seed in range(50)}) > 40
    assert {plan(seed).task for seed in range(500)} == set(CALLS) == set(PLAYS)
    assert {task.number for task in catalog.tasks()} == set(PLAYS)


def test_what_a_second_try_overcomes_does_not_come_for_ever() -> None:
    rules = [rule for seed in range(2000) for rule in plan(seed).rules]
    lasting = [rule.split()[1] for rule in rules if rule.endswith(" always")]
    assert lasting and not PASSING & set(lasting) - {"EAGAIN"}
    again = [rule for rule in rules if rule.split()[1] == "EAGAIN" and rule.endswith(" always")]
    assert {rule.split()[0] for rule in again} == {"fork*"}


def test_a_plan_knows_its_shortest_transfer() -> None:
    for one in map(plan, range(500)):
        sizes = [int(rule.split()[2]) for rule in one.rules if rule.split()[1] == SHORT]
        assert one.least == min([LONGEST, *sizes])


@pytest.mark.usefixtures("private_arena")
def test_the_command_counts_and_tells_how_to_see_it_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plans = {
        seed: Plan(seed, "10", (rule,), least=1, sanitised=False)
        for seed, rule in enumerate([INTERRUPTED, SHORTENED, SHORTENED], start=7)
    }
    binaries = {("10", "judged"): server(interrupted="abort();")}
    monkeypatch.setattr(fault_plans, "plan", plans.get)
    monkeypatch.setattr(fault_plans, "built", lambda *_: binaries)
    assert fault_plans.main(["3", "7"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("seed 7: 10-tcp-server: recv* EINTR once\n")
    assert "again: python -m checker.proof.fault_plans 1 7" in said
    assert said.endswith("fault plans: 1 wrong in 3\n")
    assert fault_plans.main(["2", "8"]) == 0
    assert capsys.readouterr().out.endswith("fault plans: 0 wrong in 2\n")


@pytest.mark.usefixtures("private_arena")
def test_plans_that_were_never_tried_are_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_plans, "built", lambda *_: {})
    with pytest.raises(CheckerError, match="2 plans were never tried"):
        fault_plans.main(["2"])


def test_the_command_takes_numbers() -> None:
    assert fault_plans.main(["many"]) == fault_plans.main(["1", "2", "3"]) == 2
