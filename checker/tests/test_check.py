"""The @check mark, and that every check of every task is marked as it should be."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from graphlib import TopologicalSorter

import pytest

from checker import catalog
from checker.catalog import Task
from checker.check import Check, check, check_of
from checker.results import Level

every_task = pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)


def checks(task: Task) -> dict[str, Check]:
    module = importlib.import_module(f"checker.checks.{task.checks.stem}")
    functions: dict[str, Callable[..., None]] = {
        name: value for name, value in vars(module).items() if name.startswith("test_")
    }
    return {name: check_of(function) for name, function in functions.items()}


def test_a_mark_says_what_is_judged_and_leaves_the_function_as_it_is() -> None:
    @check("core", "does it", why="because", man=("read(2)",), needs=("test_x",))
    def test_it() -> None:
        raise ZeroDivisionError

    mark = check_of(test_it)
    assert (mark.level, mark.title, mark.why) == ("core", "does it", "because")
    assert (mark.man, mark.needs, mark.build, mark.private) == (
        ("read(2)",),
        ("test_x",),
        "judged",
        False,
    )
    with pytest.raises(ZeroDivisionError):
        test_it()


@pytest.mark.parametrize(("level", "points"), [("core", 10), ("craft", 5)])
def test_a_core_check_is_worth_more_than_a_star(level: Level, points: int) -> None:
    def test_it() -> None: ...

    assert check_of(check(level, "t", why="w")(test_it)).points == points


def test_points_can_be_given() -> None:
    def test_it() -> None: ...

    assert check_of(check("craft", "t", why="w", points=0)(test_it)).points == 0


def test_a_function_without_a_mark_is_named() -> None:
    def test_bare() -> None: ...

    with pytest.raises(LookupError, match="test_bare is not marked with @check"):
        check_of(test_bare)


@every_task
def test_what_a_check_needs_is_there_and_does_not_need_it_in_turn(task: Task) -> None:
    needs = {name: mark.needs for name, mark in checks(task).items()}
    assert set(TopologicalSorter(needs).static_order()) == set(needs)


@every_task
def test_each_check_says_what_it_judges_why_and_where_to_read_on(task: Task) -> None:
    titles = [mark.title for mark in checks(task).values()]
    assert len(set(titles)) == len(titles)
    for name, mark in checks(task).items():
        assert mark.title and not mark.title.endswith("."), name
        assert mark.why.endswith((".", "?", "!", ".”")), name
        assert mark.guide, name
        assert all(re.fullmatch(r"[a-zA-Z_0-9.]+\([1-8]\)", page) for page in mark.man), name


@every_task
def test_each_task_has_core_checks_and_stars(task: Task) -> None:
    assert {mark.level for mark in checks(task).values()} == {"core", "craft"}


@every_task
def test_the_check_at_which_a_skeleton_fails_first_is_a_core_check(task: Task) -> None:
    assert checks(task)[f"test_{task.file.first_failure}"].level == "core"
