"""Hints and solutions."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import RenderableType

from checker import progress
from checker.catalog import find
from checker.reports import lessons
from checker.reports.console import console
from checker.run import Judged
from checker.tests.made import made_result
from checker.workspace import Workspace, WorkspaceError

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    return made


@pytest.fixture
def solutions(tmp_path: Path) -> None:
    """Task 01 has one."""
    folder = tmp_path / "solutions" / "01-one"
    folder.mkdir(parents=True)
    (folder / "main.cpp").write_text("int main() {\n  return 0;\n}\n")


def shown(what: RenderableType, capsys: pytest.CaptureFixture[str]) -> str:
    console().print(what)
    return "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())


def done(place: Workspace) -> None:
    progress.record(place, find("1"), Judged(made_result(), ""))


def test_the_first_hint_is_a_nudge(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(lessons.next_hint(place, "1"), capsys) == (
        "01-one · hint 1 of 2: A nudge\n\nThink.\n\n1 more: ./lab hint 01"
    )


def test_the_last_hint_says_so(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    lessons.next_hint(place, "1")
    said = shown(lessons.next_hint(place, "1"), capsys)
    assert said == "01-one · hint 2 of 2: Code\n\nread\n\nThat was the last one."


def test_without_a_name_the_current_task_is_meant(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    done(place)
    assert shown(lessons.next_hint(place, None), capsys).startswith("02-two")


@pytest.mark.usefixtures("solutions")
def test_a_solution_is_kept_back_until_the_task_is_done(place: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="01-one is not done yet; --spoil shows it"):
        lessons.solution(place, "1", spoil=False)


@pytest.mark.usefixtures("solutions")
def test_a_solution_can_be_spoiled(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    said = shown(lessons.solution(place, "1", spoil=True), capsys)
    assert said.startswith("int main() {\n  return 0;\n}")


@pytest.mark.usefixtures("solutions")
def test_with_the_solution_comes_the_difference(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    done(place)
    place.program(find("1")).write_text("int main() {\n  return 1;\n}\n")
    _, _, difference = shown(lessons.solution(place, "1", spoil=False), capsys).partition(
        "From yours to the reference:\n"
    )
    assert "-  return 1;" in difference and "+  return 0;" in difference


def test_a_handout_has_no_solutions(place: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="this copy of Loopback comes without solutions"):
        lessons.solution(place, "1", spoil=True)
