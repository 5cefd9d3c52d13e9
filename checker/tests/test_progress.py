"""How far a student is, read from the records."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from checker import progress
from checker.catalog import Task, tasks
from checker.results import Result, TaskOutcome
from checker.run import Judged
from checker.tests.made import made_result
from checker.workspace import Workspace

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    return made


@pytest.fixture
def one() -> Task:
    return tasks()[0]


def record(place: Workspace, task: Task, outcome: TaskOutcome) -> None:
    progress.record(place, task, Judged(made_result(task=task.slug, outcome=outcome), ""))


def test_before_any_check_nothing_is_known(place: Workspace, one: Task) -> None:
    standing = progress.standing(place, one)
    assert (standing.result, standing.done, standing.trouble) == (None, False, "")


def test_a_recorded_result_comes_back_whole(place: Workspace, one: Task) -> None:
    result = made_result(task=one.slug, outcome="done")
    progress.record(place, one, Judged(result, ""))
    assert progress.standing(place, one).result == result


def test_a_task_can_be_undone_again(place: Workspace, one: Task) -> None:
    record(place, one, "done")
    record(place, one, "not done")
    assert not progress.standing(place, one).done


def test_the_checkers_own_error_changes_nothing(place: Workspace, one: Task) -> None:
    record(place, one, "done")
    record(place, one, "error")
    assert progress.standing(place, one).done


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"task": 7}', "\0\xff"])
def test_a_damaged_record_says_how_to_mend_it(place: Workspace, one: Task, content: str) -> None:
    record(place, one, "done")
    file = place.records / "results" / f"{one.slug}.json"
    file.write_bytes(content.encode("latin-1"))
    standing = progress.standing(place, one)
    assert not standing.done
    assert standing.trouble == "its record is damaged: run `./lab check 01` again"


def test_a_record_of_a_later_version_can_be_read(place: Workspace, one: Task) -> None:
    result = msgspec.to_builtins(made_result(task=one.slug, outcome="done")) | {"later": True}
    file = place.records / "results" / f"{one.slug}.json"
    file.parent.mkdir()
    file.write_bytes(msgspec.json.encode(result))
    assert progress.standing(place, one).done


def test_the_current_task_is_the_first_that_is_not_done(place: Workspace) -> None:
    first, second = tasks()
    assert progress.current_task(place) == first
    record(place, second, "done")
    assert progress.current_task(place) == first
    record(place, first, "done")
    assert progress.current_task(place) is None


def test_records_hold_no_colours_of_the_compiler(place: Workspace, one: Task) -> None:
    result: Result = made_result(task=one.slug, outcome="does not compile")
    result.diagnostics = 'main.cpp:1:1: \x1b[01;31m\x1b[Kerror:\x1b[m\x1b[K no "x"'
    progress.record(place, one, Judged(result, ""))
    read = progress.standing(place, one).result
    assert read is not None
    assert read.diagnostics == 'main.cpp:1:1: error: no "x"'


def test_hints_come_one_by_one_and_the_last_one_stays(place: Workspace, one: Task) -> None:
    assert [progress.next_hint(place, one, 3) for _ in range(5)] == [0, 1, 2, 2, 2]


def test_each_task_counts_its_own_hints(place: Workspace) -> None:
    first, second = tasks()
    progress.next_hint(place, first, 3)
    assert progress.next_hint(place, second, 3) == 0


def test_fewer_hints_than_were_taken_are_no_trouble(place: Workspace, one: Task) -> None:
    for _ in range(3):
        progress.next_hint(place, one, 3)
    assert progress.next_hint(place, one, 1) == 0


@pytest.mark.parametrize("content", ["", "[]", '{"01-one": "many"}', '{"01-one": -5}', "\0\xff"])
def test_a_damaged_count_of_hints_begins_again(place: Workspace, one: Task, content: str) -> None:
    (place.records / "hints.json").write_bytes(content.encode("latin-1"))
    assert progress.next_hint(place, one, 3) == 0
