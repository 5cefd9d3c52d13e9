"""What a save, and the key `c`, bring to the screen."""

from __future__ import annotations

import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from textual.widget import Widget

from checker import catalog, regions
from checker.failure import CheckerError
from checker.run import Judged, Request, Tell, prober_server, run
from checker.tests.walkthrough import stage
from checker.tests.walkthrough.stage import Stage, play
from checker.walkthrough.app import Heard
from checker.walkthrough.tasks import Progress, TaskList
from checker.walkthrough.worker import Ended
from checker.workspace import Workspace


def program(place: Workspace, number: str = "1") -> Path:
    return place.program(catalog.find(number))


def test_a_save_is_judged_and_recorded(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.sees("Not checked yet.")
        program(place).write_text("bad")
        await on.sees("Not done yet.  0 of 1 core · 0 of 1 stars")
        await on.sees("✗ 2 your program listens")
        await on.sees("it says bad")
        await on.sees("Clients find a server by its port.")
        program(place).write_text("good")
        await on.sees("Done.  1 of 1 core · 1 of 1 stars")
        await on.sees("▰▱  1 of 2 done")
        await on.sees("✓ 01 one")
        assert "it says bad" not in on.text()

    play(place, scene)
    assert '"outcome": "done"' in (place.records / "results" / "01-one.json").read_text()
    assert (place.records / "logs" / "01-one.log").read_text() == "the log\n"


def test_a_save_in_another_task_tells_which_one_is_meant(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.sees("01 · Task 1")
        program(place, "2").write_text("good")
        await on.sees("Done.")
        await on.sees("02 · Task 2")

    play(place, scene)


def test_a_save_while_a_check_runs_gives_the_verdict_of_the_newer_save_only(
    place: Workspace,
) -> None:
    seen: list[str] = []

    async def scene(on: Stage) -> None:
        program(place).write_text("endless")
        await on.sees("Checking: 0 of 2")
        program(place).write_text("bad")
        await on.sees("Not done yet.")
        await on.sees("it says bad")

    def judge(request: Request, tell: Tell, stop: Connection | None) -> Judged:
        judged = stage.judge(request, tell, stop)
        seen.append(judged.result.checks[0].got)
        return judged

    play(place, scene, judge)
    assert set(seen) == {"it says bad"}


def test_a_verdict_that_a_save_has_overtaken_is_never_shown(place: Workspace) -> None:
    told: list[str] = []

    def judge(request: Request, tell: Tell, stop: Connection | None) -> Judged:
        judged = stage.judge(request, tell, stop)
        told.append(judged.result.checks[0].got)
        if len(told) == 1:
            program(place).write_text("newer")  # after it was read, before the verdict
        return judged

    async def scene(on: Stage) -> None:
        program(place).write_text("older")
        await on.sees("it says newer")

    play(place, scene, judge)
    assert told[:2] == ["it says older", "it says newer"]
    assert "it says newer" in (place.records / "results" / "01-one.json").read_text()


@pytest.mark.parametrize("goes", [Progress, TaskList])
def test_a_verdict_that_comes_while_the_screen_goes_harms_nothing(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, goes: type[Widget]
) -> None:
    gone = []

    def on_unmount(part: Widget) -> None:
        part.app.post_message(Heard(Ended(catalog.find("1"))))
        gone.append(part)

    async def scene(on: Stage) -> None:
        await on.sees("01 · Task 1")

    monkeypatch.setattr(goes, "on_unmount", on_unmount, raising=False)
    play(place, scene)
    assert gone


def test_a_program_that_never_ends_freezes_nothing(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        program(place).write_text("endless")
        await on.sees("Checking: 0 of 2")
        await on.press("n")
        await on.sees("02 · Task 2")
        await on.press("q")

    assert play(place, scene) is None
    assert "judging" not in [thread.name for thread in threading.enumerate()]
    assert not (place.records / "results").exists()


def test_the_last_verdict_is_shown_as_long_as_it_is_one_on_what_is_saved(place: Workspace) -> None:
    async def check(on: Stage) -> None:
        await on.press("c")
        await on.sees("Not done yet.")

    async def recall(on: Stage) -> None:
        await on.sees("Not done yet.  0 of 1 core")

    async def forget(on: Stage) -> None:
        await on.sees("Not checked yet.")

    program(place).write_text("bad")
    play(place, check)
    play(place, recall)
    program(place).write_text("other")
    play(place, forget)


def test_a_file_that_is_gone_is_told(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        program(place).unlink()
        await on.sees("no .cpp file in it")
        program(place).write_text("good")
        await on.sees("Done.")

    play(place, scene)


@pytest.mark.parametrize(
    ("error", "told"),
    [(CheckerError("no compiler here"), "no compiler here"), (KeyError("x"), "own error")],
)
def test_the_checkers_own_trouble_is_told_and_ends_nothing(
    place: Workspace, error: Exception, told: str
) -> None:
    broken = True

    def judge(request: Request, tell: Tell, stop: Connection | None) -> Judged:
        if broken:
            raise error
        return stage.judge(request, tell, stop)

    async def scene(on: Stage) -> None:
        nonlocal broken
        await on.press("c")
        await on.sees(told)
        broken = False
        await on.press("c")
        await on.sees("Not done yet.")

    play(place, scene, judge)


@pytest.mark.usefixtures("private_arena")
def test_a_real_program_is_judged(folder: Path) -> None:
    place, task = Workspace(folder), catalog.find("1")

    async def scene(on: Stage) -> None:
        place.program(task).write_text("int main() { return nothing; }\n")
        await on.sees("error: ‘nothing’ was not declared")
        await on.sees("It does not compile.")
        place.program(task).write_text(regions.clean(task.solution.read_text()))
        await on.sees("Done.  7 of 7 core · 2 of 2 stars")
        await on.press("tab", "down")
        await on.sees("gethostname(")

    prober_server()
    play(place, scene, run)
