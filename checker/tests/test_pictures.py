"""The ladders of the last check, in the terminal and as a file."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from checker import progress
from checker.catalog import tasks
from checker.reports import pictures
from checker.reports.console import console
from checker.results import CheckResult
from checker.run import Judged
from checker.tests.made import made_check, made_failure, made_result
from checker.timeline import Event
from checker.workspace import Workspace, WorkspaceError

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    return made


def record(place: Workspace, *checks: CheckResult) -> None:
    result = made_result(*checks, task="01-one", outcome="not done")
    progress.record(place, tasks()[0], Judged(result, ""))


def reads(number: int) -> list[Event]:
    return [Event(0.001, "your program", f"read({number})", "call", 0.001, "= 1")]


def shown(
    place: Workspace, capsys: pytest.CaptureFixture[str], check: str | None = None
) -> list[str]:
    console().print(pictures.picture(place, "01", check))
    return capsys.readouterr().out.splitlines()


def test_the_first_check_that_failed_is_shown(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(
        place,
        made_check("listens", timeline=reads(1)),
        made_failure("echoes", timeline=reads(2)),
        made_failure("serves", timeline=reads(3)),
    )
    assert shown(place, capsys) == [
        "01-one · the program echoes  failed",
        "           your program",
        "    1.0 ms read(2) = 1",
        "",
        "./lab ladder 01 CHECK: listens, serves",
    ]


def test_a_check_can_be_named(place: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    record(place, made_check("listens", timeline=reads(1)), made_failure("echoes"))
    lines = shown(place, capsys, "listens")
    assert lines[0] == "01-one · the program listens  passed"
    assert "    1.0 ms read(1) = 1" in lines


def test_where_all_passed_the_first_is_shown(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    record(place, made_check("listens", timeline=reads(1)), made_check("echoes"))
    assert "    1.0 ms read(1) = 1" in shown(place, capsys)


def test_a_long_timeline_is_shown_whole(
    place: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    every = [event for number in range(100) for event in reads(number)]
    record(place, made_failure("echoes", timeline=every))
    lines = shown(place, capsys)
    assert all(f"    1.0 ms read({number}) = 1" in lines for number in range(100))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("echos", "01-one has no check “echos”; is it “echoes”?"),
        ("zzz", "01-one has no check “zzz”; it has listens, echoes"),
    ],
)
def test_an_unknown_check_is_refused(place: Workspace, name: str, said: str) -> None:
    record(place, made_check("listens"), made_failure("echoes"))
    with pytest.raises(WorkspaceError) as caught:
        pictures.picture(place, "01", name)
    assert str(caught.value) == said


def test_before_the_first_check_there_is_nothing_to_show(place: Workspace) -> None:
    with pytest.raises(WorkspaceError) as caught:
        pictures.picture(place, "02", None)
    assert str(caught.value) == "02-two has not been checked yet: ./lab check 02"


def test_a_picture_is_written_and_said(place: Workspace, tmp_path: Path) -> None:
    record(place, made_failure("echoes", title="echoes & ends", timeline=reads(2)))
    file = tmp_path / "picture.svg"
    said = pictures.save(place, "01", None, file)
    assert said == "01-one: echoes & ends (failed)"
    root = ElementTree.parse(file).getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title") == said
    assert "read(2) = 1" in [text.text for text in root]
