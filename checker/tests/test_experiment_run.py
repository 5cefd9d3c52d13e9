"""Whose program an experiment runs, what it makes of a prediction, and what it keeps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checker import catalog, experiments, progress
from checker.experiments import prose, record
from checker.experiments.model import Evidence, Experiment, UnclearError, UnusablePrediction
from checker.failure import CheckerError
from checker.run import Judged
from checker.tests.command import RETURNS
from checker.tests.made import made_result
from checker.tests.programs import code
from checker.tests.test_experiments import SMALL_BUFFER
from checker.workspace import Workspace

TASK = "04-udp-recvfrom"


def find(number: int) -> Experiment:
    found = experiments.find(number)
    assert found
    return found


@pytest.fixture
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(folder)
    return Workspace(folder)


def write(place: Workspace, text: str, done: bool = False) -> None:
    task = catalog.find(TASK)
    place.program(task).write_text(text)
    if done:
        progress.record(place, task, Judged(made_result(task=TASK), ""))


@pytest.fixture
def without_solutions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "SOLUTIONS", tmp_path / "none")


# What is run


@pytest.mark.usefixtures("private_arena")
def test_it_is_the_students_own_program_once_its_task_is_done(place: Workspace) -> None:
    write(place, code(SMALL_BUFFER), done=True)
    seen = find(4).run(place, "1000")
    assert (seen.program, seen.why_not_yours) == ("yours", "")
    assert (seen.prediction, seen.outcome, seen.right) == ("1000", "128", False)
    assert seen.explanation == find(4).prose.explanations["cut"]


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize(
    ("done", "why"),
    [
        (False, "task 04 is not done yet"),
        (True, f"your {TASK} does not compile"),
    ],
)
def test_it_is_the_reference_where_theirs_cannot_be_had(
    done: bool, why: str, place: Workspace
) -> None:
    write(place, "int main() { return nothing; }\n", done)
    seen = find(4).run(place, "1000")
    assert (seen.program, seen.why_not_yours) == ("the reference", why)
    assert (seen.outcome, seen.right) == ("1000", True)


@pytest.mark.usefixtures("private_arena", "without_solutions")
def test_without_a_reference_it_is_the_students_as_it_is(place: Workspace) -> None:
    write(place, code(SMALL_BUFFER))
    assert find(4).run(place, "128").program == "yours"


@pytest.mark.usefixtures("private_arena", "without_solutions")
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (RETURNS % 0, "nothing was shown: expected a datagram, got no datagram: it exited"),
        ("int main() { return nothing; }\n", f"your {TASK} does not compile, and this copy"),
    ],
)
def test_without_a_reference_a_program_may_show_nothing(
    text: str, reason: str, place: Workspace
) -> None:
    write(place, text)
    with pytest.raises(UnclearError) as told:
        find(4).run(place, "128")
    assert str(told.value).startswith(reason)
    assert record.notes(place) == {}


# Predictions


def test_a_choice_is_named_by_its_place_or_its_name() -> None:
    one = find(1)
    assert [one.read(typed) for typed in ("1", " 2 \n", "gives-up")] == [
        "waits",
        "refused",
        "gives-up",
    ]


@pytest.mark.parametrize("typed", ["1000", "1,000", "1000 bytes", " 1000.\n", "01000"])
def test_a_number_may_be_written_in_any_way(typed: str) -> None:
    assert find(4).read(typed) == "1000"


@pytest.mark.parametrize("typed", ["", "0", "5", "-1", "wait", "1 2", "²"])
def test_what_is_no_choice_is_refused(typed: str) -> None:
    with pytest.raises(UnusablePrediction, match=r"^answer with a number from 1 to 4$"):
        find(1).read(typed)


@pytest.mark.parametrize("typed", ["", "many", "-7", "12 or 13", "9" * 10, "1.5", "²"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UnusablePrediction, match=r"^answer with a number of bytes$"):
        find(4).read(typed)


# What is kept


def keep(place: Workspace, number: int, prediction: str, outcome: str) -> None:
    evidence = Evidence(outcome, {}, 1000 if number == 4 else None)
    seen = find(number).judge(evidence, prediction, "yours", "", seed=1)
    record.keep(place, find(number), seen)


def test_answers_in_many_terminals_at_once_are_all_kept(place: Workspace) -> None:
    numbers = range(1, 14)
    outcomes = [next(iter(find(number).prose.explanations)) for number in numbers]
    with ThreadPoolExecutor(len(numbers)) as pool:
        list(pool.map(lambda *seen: keep(place, seen[0], "x", seen[1]), numbers, outcomes))
    assert set(record.notes(place)) == {find(number).slug for number in numbers}


def test_the_last_run_of_each_is_kept(place: Workspace) -> None:
    keep(place, 1, "refused", "waits")
    keep(place, 4, "7", "whole")
    keep(place, 1, "waits", "waits")
    notes = record.notes(place)
    first, fourth = notes["01-no-server"], notes["04-bytes-back"]
    assert (first.prediction, first.outcome, first.right) == ("waits", "waits", True)
    assert (fourth.prediction, fourth.outcome, fourth.right) == ("7", "1000", False)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"01-no-server": 3}', b"\xff\0"])
def test_a_damaged_record_counts_as_none_and_is_replaced(content: bytes, place: Workspace) -> None:
    (place.records / record.FILE).write_bytes(content)
    assert record.notes(place) == {}
    keep(place, 1, "waits", "waits")
    assert list(record.notes(place)) == ["01-no-server"]


# The words


def test_they_are_the_thirteen_of_the_track_in_order() -> None:
    every = experiments.all()
    assert [each.number for each in every] == list(range(1, 14))
    assert all(each.scene.is_file() for each in every)
    assert experiments.find(14) is None


def test_the_guides_page_has_each_under_its_title() -> None:
    page = (prose.FOLDER.parent / "experiments.md").read_text()
    for each in experiments.all():
        title = f"### {each.number} · {each.title}"
        assert f"{title}\n\n```{{experiment}} {each.number}\n```\n" in page, title


@pytest.mark.parametrize(
    "change", ['titel = "x"', "[choices", 'number_of = "bytes"', 'seen = "waits"']
)
def test_a_broken_file_is_named(change: str, tmp_path: Path) -> None:
    whole = (prose.FOLDER / "01-no-server.toml").read_text()
    path = tmp_path / "01-broken.toml"
    path.write_text(f"{change}\n{whole}")
    with pytest.raises(CheckerError, match=r"01-broken\.toml: "):
        prose.read(path)
