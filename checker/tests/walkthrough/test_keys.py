"""Each key, the mouse, and screens of all sizes."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import catalog
from checker.experiments.model import Evidence, Experiment, Observation
from checker.tests.walkthrough.stage import Stage, play
from checker.walkthrough import app
from checker.walkthrough.keys import KEYS
from checker.workspace import Workspace


def program(place: Workspace, number: str = "1") -> Path:
    return place.program(catalog.find(number))


def test_without_a_workspace_five_lines_and_a_key_begin_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    place = Workspace(tmp_path / "work")

    async def scene(on: Stage) -> None:
        said = [line for line in on.lines() if line.strip(" │╭╮╰╯─")]
        assert len(said) == 6, "five lines, and the keys"
        await on.press("enter")
        await on.sees("01 · Your first system call")

    play(place, scene)
    assert (place.folder / "01-gethostname" / "main.cpp").exists()


def test_who_quits_the_first_page_has_nothing_made(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "work")

    async def scene(on: Stage) -> None:
        await on.press("q")

    assert play(place, scene) == 0
    assert not place.folder.exists()


@pytest.mark.parametrize("before", ["", "h", "r", "s"])
def test_ctrl_c_quits_from_everywhere(place: Workspace, before: str) -> None:
    async def scene(on: Stage) -> None:
        await on.press(*before, "ctrl+c")
        assert not on.app.is_running

    play(place, scene)
    assert program(place).read_text() == "// TODO 1\n"


def test_n_goes_to_the_next_task_that_is_not_done(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("n")
        await on.sees("02 · Task 2")
        program(place, "2").write_text("good")
        await on.sees("Done.")
        await on.press("n")
        await on.sees("01 · Task 1")
        await on.press("n")
        await on.sees("01 · Task 1")

    play(place, scene)


def test_arrows_and_the_mouse_choose_a_task(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("down")
        await on.sees("02 · Task 2")
        await on.pilot.click("#tasks", offset=(5, 0))
        await on.sees("01 · Task 1")

    play(place, scene)


def test_the_mouse_presses_keys_too(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        (row,) = [line for line in on.lines() if "c check" in line]
        await on.pilot.click("#keys", offset=(row.index("next"), 0))
        await on.sees("02 · Task 2")

    play(place, scene)


def test_h_gives_one_hint_after_the_other(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("h")
        await on.sees("hint 1 of 2: A nudge")
        await on.press("h")
        await on.sees("hint 2 of 2: Code")
        await on.press("escape")
        await on.sees("01 · Task 1")

    play(place, scene)


def test_b_hides_and_shows_the_brief(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.sees("read(2)")
        await on.press("b")
        assert "read(2)" not in on.text()
        await on.press("b")
        await on.sees("read(2)")

    play(place, scene)


def test_a_verdict_that_takes_the_briefs_place_names_the_key_for_it(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.sees("read(2)")
        assert "b brief" not in on.text()
        program(place).write_text("bad")
        await on.sees("b brief")
        await on.press("b")
        await on.sees("10 min")
        await on.sees("read(2)")

    play(place, scene)


def solve() -> None:
    solution = catalog.find("1").solution
    solution.parent.mkdir(parents=True)
    solution.write_text("the reference\n")


def test_s_asks_as_long_as_the_task_is_not_done(place: Workspace) -> None:
    solve()

    async def scene(on: Stage) -> None:
        await on.press("s")
        await on.sees("01-one is not done yet.")
        await on.press("n")
        assert "the reference" not in on.text()
        await on.press("s", "y")
        await on.sees("the reference")
        await on.press("escape")
        program(place).write_text("good")
        await on.sees("Done.")
        await on.press("s")
        await on.sees("the reference")

    play(place, scene)


def test_a_copy_without_solutions_says_so(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("s", "y")
        await on.sees("this copy of Loopback comes without solutions")

    play(place, scene)


def test_r_asks_and_keeps_a_copy(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("r")
        await on.sees("work/01-one/main.cpp the skeleton again?")
        await on.press("n")
        assert program(place).read_text() == "mine"
        await on.press("r", "y")
        await on.sees("is the skeleton again; yours is kept as")

    program(place).write_text("mine")
    play(place, scene)
    assert program(place).read_text() == "// TODO 1\n"
    (kept,) = program(place).parent.glob("main.cpp.*")
    assert kept.read_text() == "mine"


def test_o_without_an_editor_says_what_to_do(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        await on.press("o")
        await on.sees("set $VISUAL or $EDITOR, or open work/01-one/main.cpp yourself")

    play(place, scene)


@pytest.mark.parametrize("script", ["echo address of", "echo address of >&2; exit 2 #"])
def test_g_tells_where_the_chapter_is_or_why_there_is_none(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setattr(app, "GUIDE", ("sh", "-c", script + ' "$0"'))

    async def scene(on: Stage) -> None:
        await on.press("g")
        await on.sees("address of")

    play(place, scene)


def test_enter_shows_all_of_a_failure(place: Workspace) -> None:
    async def scene(on: Stage) -> None:
        program(place).write_text("bad")
        await on.sees("Enter shows all of it.")
        await on.press("enter")
        await on.sees("Esc closes")
        await on.sees("man 2 bind · man 2 socket")

    play(place, scene, size=(80, 20))


def test_e_asks_runs_and_explains(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def run(self: Experiment, workspace: Workspace, prediction: str) -> Observation:
        asked.append(f"{self.number} {prediction} {workspace.folder.name}")
        evidence = Evidence(outcome="waits", facts={"port asked": 4711})
        return self.judge(evidence, prediction, "the reference", "task 04 is not done yet", 1)

    monkeypatch.setattr(Experiment, "run", run)

    async def scene(on: Stage) -> None:
        await on.press("e")
        await on.sees("No server at that UDP port")
        await on.press("enter")
        await on.sees("It waits for a reply")
        await on.press("7")
        await on.sees("Please answer with a number from 1 to 4.")
        await on.press("down", "enter")
        await on.sees("port asked")
        await on.sees("4711")
        await on.sees("↓ reads on Esc closes")
        await on.press("end")
        await on.sees("Not as predicted")
        await on.press("escape", "escape")
        await on.sees("01 · Your first system call")

    play(Workspace(folder), scene)
    assert asked == ["1 refused workspace"]


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
def test_every_size_shows_tasks_verdict_failure_and_keys(
    place: Workspace, size: tuple[int, int]
) -> None:
    async def scene(on: Stage) -> None:
        program(place).write_text("bad")
        await on.sees("Not done yet.")
        await on.pilot.resize_terminal(*size)
        await on.sees("it says bad")
        assert all(len(line) <= size[0] for line in on.lines())
        for key, word in KEYS:
            await on.sees(f"{key} {word}")
        await on.sees("✗ 01")
        await on.sees("· 02")
        await on.sees("✗ the program listens")

    play(place, scene)
