"""What `./lab` and `./lab list` say."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import progress
from checker.catalog import tasks
from checker.reports import standing
from checker.reports.console import console
from checker.results import TaskOutcome
from checker.run import Judged
from checker.tests.made import made_check, made_result
from checker.workspace import Workspace

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    monkeypatch.chdir(made.folder)
    return made


def record(place: Workspace, number: int, outcome: TaskOutcome) -> None:
    task = tasks()[number - 1]
    star = made_check("a", level="craft")
    missed = made_check("b", level="craft", outcome="failed")
    result = made_result(made_check(), star, missed, task=task.slug, outcome=outcome)
    progress.record(place, task, Judged(result, ""))


def table(place: Workspace, capsys: pytest.CaptureFixture[str]) -> list[str]:
    console().print(standing.table(place))
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def steps(place: Workspace, capsys: pytest.CaptureFixture[str]) -> str:
    console().print(standing.next_step(place))
    return capsys.readouterr().out


def test_at_the_beginning_no_task_is_started(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert table(place, capsys) == [
        "·  01-one  Task 1  10 min  not started",
        "·  02-two  Task 2  20 min  not started",
        "",
        "▱▱  0 of 2 tasks done · about 30 minutes left",
    ]


def test_a_task_shows_its_stars_once_it_is_done(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(place, 1, "done")
    record(place, 2, "not done")
    assert table(place, capsys) == [
        "✓  01-one  Task 1  10 min  ★☆",
        "✗  02-two  Task 2  20 min  not done",
        "",
        "▰▱  1 of 2 tasks done · about 20 minutes left",
    ]


def test_a_damaged_record_is_told_under_the_table(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(place, 1, "done")
    (place.records / "results" / "01-one.json").write_text("{")
    lines = table(place, capsys)
    assert lines[0] == "·  01-one  Task 1  10 min  not started"
    assert lines[-1] == "01-one: its record is damaged: run `./lab check 01` again"


def test_a_newcomer_is_told_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "./lab start     makes your workspace" in steps(Workspace(tmp_path / "none"), capsys)


def test_the_next_task_and_its_file_are_named(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(place, 1, "done")
    said = steps(place, capsys)
    assert "Next: 02-two · Task 2" in said
    assert "opens 02-two/main.cpp" in said


def test_when_all_is_done_it_remains_to_hand_in(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(place, 1, "done")
    record(place, 2, "done")
    said = steps(place, capsys)
    assert "▰▰  2 of 2 tasks done\n" in said
    assert "All tasks are done. ./lab submit packs them." in said
