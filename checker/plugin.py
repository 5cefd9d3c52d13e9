"""The pytest plugin: gives each check its scene, and turns what pytest saw into a CheckResult."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from checker.check import Check, check_of
from checker.failure import CheckerError, CheckFailed, CheckSkipped
from checker.results import CheckResult, Outcome
from checker.scene import Scene
from checker.text import plain

if TYPE_CHECKING:
    from checker.messages import Spec

SCENE = pytest.StashKey[Scene]()
OTHERS_DOING = {
    *(errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.ECONNABORTED, errno.ECONNREFUSED),
    *(errno.ECONNRESET, errno.ENOTCONN, errno.EPIPE, errno.ETIMEDOUT),
}

RESULT = pytest.StashKey[CheckResult]()


def blank(item: pytest.Item, spec: Spec) -> CheckResult:
    """The result of a check that has not been made yet."""
    mark = mark_of(item)
    return CheckResult(
        id=item.name.removeprefix("test_"),
        title=mark.title,
        level=mark.level,
        points=0,
        max_points=mark.points,
        outcome="skipped",
        why=mark.why,
        man=list(mark.man),
        guide=f"{spec.task}#{mark.guide}" if mark.guide else spec.task,
    )


def mark_of(item: pytest.Item) -> Check:
    return check_of(getattr(item, "function", item))


class ScenePlugin:
    """Active in the process that makes one check."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    @pytest.fixture
    def scene(self, request: pytest.FixtureRequest) -> Iterator[Scene]:
        scene = request.node.stash[SCENE]
        yield scene
        scene.close()

    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        """In the place of pytest's own, which quotes all the source that a failure came through:
        that takes longer than most checks, and nobody would read it."""
        assert call.when != "collect"
        result = item.stash.setdefault(RESULT, blank(item, self._spec))
        if call.when == "call":
            result.seconds = round(call.duration, 3)
        if call.when == "call" or call.excinfo is not None:
            _judge(result, item, call.excinfo.value if call.excinfo else None)
        outcome: Literal["passed", "failed"] = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)


def _judge(result: CheckResult, item: pytest.Item, error: BaseException | None) -> None:
    scene = item.stash[SCENE]
    error = _unless_unharmed(scene, _on_its_account(scene, error))
    result.outcome = _outcome(error)
    result.steps = scene.timeline.sentences()
    if result.outcome == "failed":
        scene.timeline.fail()
    scene.timeline.merge(scene.calls())
    result.timeline = scene.timeline.events
    if isinstance(error, CheckFailed):
        result.expected, result.got = plain(error.expected), plain(error.got)
        result.program = " · ".join(subject.describe() for subject in scene.subjects)
    elif error is not None:
        result.reason = plain(str(error))
        if result.outcome == "error":
            last = traceback.format_exception(error)
            result.reason = plain("".join(last[-8:]))
    else:
        result.points = result.max_points


def _on_its_account(scene: Scene, error: BaseException | None) -> BaseException | None:
    """A private arena has no other user than the program: when it runs, and the lab's sockets fail
    in a way that the other end decides, it is the program's doing."""
    if not isinstance(error, OSError) or error.errno not in OTHERS_DOING:
        return error
    if not scene.arena.private or not scene.subjects:
        return error
    got = f"{error.strerror}; {scene.subjects[-1].describe()}"
    return CheckFailed("ports and connections that the lab can use", got)


def _unless_unharmed(scene: Scene, error: BaseException | None) -> BaseException | None:
    """A program passes a check in which all the faults happened, and fails one in which some did:
    it may have ended at the first."""
    if error is not None and not isinstance(error, CheckFailed):
        return error
    try:
        missing = [reason for subject in scene.subjects for reason in subject.unharmed()]
        if missing and (error is None or not any(subject.harmed() for subject in scene.subjects)):
            return CheckSkipped(missing[0])
    except (CheckSkipped, CheckerError) as reason:
        return reason
    return error


def _outcome(error: BaseException | None) -> Outcome:
    if error is None:
        return "passed"
    if isinstance(error, CheckFailed):
        return "failed"
    return "skipped" if isinstance(error, CheckSkipped | pytest.skip.Exception) else "error"
