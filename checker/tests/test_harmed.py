"""What becomes of a check whose faults did not all happen, or cannot."""

from __future__ import annotations

import pytest

from checker.results import CheckResult
from checker.subject import UNSEEN
from checker.tests.judging import by_id, judge
from checker.tests.observed import built
from checker.tests.programs import code, program

pytestmark = pytest.mark.usefixtures("private_arena")

FAULTS = """
def greets(scene, faults, word=b"Hello"):
    scene.start(faults=faults).prints(word, MORE)

@check("core", "passes", why="w")
def test_passes(scene: Scene) -> None:
    greets(scene, "socket EMFILE on call 3; gethostname EPERM")

@check("core", "is not harmed", why="w")
def test_not_harmed(scene: Scene) -> None:
    greets(scene, "accept* EINTR once")

@check("core", "fails without being harmed", why="w")
def test_fails_unharmed(scene: Scene) -> None:
    greets(scene, "accept* EINTR once", b"Jello")

@check("core", "is not harmed enough", why="w")
def test_half_harmed(scene: Scene) -> None:
    greets(scene, "gethostname EPERM; socket EMFILE on call 4")

@check("core", "fails half harmed", why="w")
def test_fails_half_harmed(scene: Scene) -> None:
    greets(scene, "gethostname EPERM; socket EMFILE on call 4", b"Jello")

@check("core", "fails harmed", why="w")
def test_fails_harmed(scene: Scene) -> None:
    greets(scene, "socket EMFILE once", b"Jello")

@check("core", "is refused", why="w")
def test_refused(scene: Scene) -> None:
    greets(scene, "socket EMFILE; reed EINTR")

@check("core", "is refused and fails", why="w")
def test_refused_and_fails(scene: Scene) -> None:
    greets(scene, "socket EMFILE; reed EINTR", b"Jello")

@check("core", "breaks", why="w")
def test_breaks(scene: Scene) -> None:
    greets(scene, "accept* EINTR once")
    1 / 0

@check("core", "has no faults", why="w")
def test_no_faults(scene: Scene) -> None:
    greets(scene, "")

@check("core", "asks for calls", why="w")
def test_asks_for_calls(scene: Scene) -> None:
    subject = scene.start()
    subject.exits(MORE)
    subject.must(bool(subject.recording().calls("socket")), "a socket", "none")

@check("core", "fails without faults", why="w")
def test_fails(scene: Scene) -> None:
    greets(scene, "", b"Jello")
"""
GREETS = r"""
  char name[99];
  for (int i = 0; i < 3; ++i) close(socket(AF_INET, SOCK_STREAM, 0));
  if (gethostname(name, sizeof name) < 2) puts("Hello");
"""


@pytest.fixture(scope="module")
def harmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    return by_id(judge(tmp_path_factory.mktemp("harmed"), FAULTS, program(GREETS)).result)


@pytest.mark.parametrize("name", ["passes", "no_faults", "asks_for_calls"])
def test_a_program_that_meets_all_its_faults_can_pass(
    harmed: dict[str, CheckResult], name: str
) -> None:
    assert (harmed[name].outcome, harmed[name].reason) == ("passed", "")


@pytest.mark.parametrize("name", ["fails_harmed", "fails_half_harmed", "fails"])
def test_a_program_that_fails_after_a_fault_has_failed(
    harmed: dict[str, CheckResult], name: str
) -> None:
    assert harmed[name].outcome == "failed"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("not_harmed", "your program calls accept never: nothing to make fail"),
        ("fails_unharmed", "your program calls accept never: nothing to make fail"),
        ("half_harmed", "your program calls socket 3 times: nothing to make fail"),
    ],
)
def test_a_check_whose_faults_did_not_happen_is_skipped_with_the_reason(
    harmed: dict[str, CheckResult], name: str, reason: str
) -> None:
    assert (harmed[name].outcome, harmed[name].reason) == ("skipped", reason)
    assert harmed[name].points == 0


@pytest.mark.parametrize("name", ["refused", "refused_and_fails"])
def test_a_check_whose_plan_is_refused_is_skipped_with_the_reason(
    harmed: dict[str, CheckResult], name: str
) -> None:
    assert harmed[name].outcome == "skipped"
    assert "fault plan refused, rule 2: socket EMFILE; reed EINTR" in harmed[name].reason


def test_a_check_that_breaks_is_an_error_whatever_happened(harmed: dict[str, CheckResult]) -> None:
    assert harmed["breaks"].outcome == "error"
    assert "ZeroDivisionError" in harmed["breaks"].reason


@pytest.fixture(scope="module")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, CheckResult]:
    static = built("g++ -std=c++20 -static", code(GREETS.replace("< 2", "< 1")))
    return by_id(judge(tmp_path_factory.mktemp("unseen"), FAULTS, static).result)


@pytest.mark.parametrize("name", ["passes", "fails_unharmed", "refused", "asks_for_calls"])
def test_of_a_static_program_what_needs_its_calls_is_skipped(
    unseen: dict[str, CheckResult], name: str
) -> None:
    assert (unseen[name].outcome, unseen[name].reason) == ("skipped", UNSEEN)


def test_of_a_static_program_the_rest_is_judged(unseen: dict[str, CheckResult]) -> None:
    assert (unseen["no_faults"].outcome, unseen["fails"].outcome) == ("passed", "failed")
    assert not any("(AF_INET" in event.text for event in unseen["fails"].timeline)
