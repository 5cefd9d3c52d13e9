"""The tasks, and finding one by what a student calls it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import catalog
from checker.failure import CheckerError
from checker.hints import hints

REAL = catalog.tasks()


@pytest.mark.parametrize("wanted", ["1", "01", "one", "01-one", "01-one/"])
@pytest.mark.usefixtures("course")
def test_a_task_is_found_by_number_name_or_both(wanted: str) -> None:
    assert catalog.find(wanted).slug == "01-one"


@pytest.mark.parametrize("wanted", ["", "0", "3", "-1", "on", "01-two", "²", "../01-one"])
@pytest.mark.usefixtures("course")
def test_anything_else_is_unknown(wanted: str) -> None:
    with pytest.raises(catalog.UnknownTaskError, match=r"`\./lab list` shows them"):
        catalog.find(wanted)


@pytest.mark.parametrize("content", ["title = ", "title = 7", "", 'colour = "red"', "\0"])
def test_a_broken_task_file_is_named(course: Path, content: str) -> None:
    file = course / "02-two" / "task.toml"
    file.write_text(content)
    with pytest.raises(CheckerError, match=r"02-two/task\.toml: "):
        catalog.tasks()


def test_names_of_checks_are_known_without_loading_them() -> None:
    names = catalog.find("10").check_names()
    assert names[:2] == ["listens", "echoes"]


@pytest.mark.parametrize("task", REAL, ids=lambda task: task.slug)
def test_a_task_is_complete(task: catalog.Task) -> None:
    assert task.skeleton.is_file()
    assert task.file.first_failure in task.check_names()
    assert len(hints(task)) >= 3
    assert all(hint.title and hint.text for hint in hints(task))
    assert all(page.endswith(")") for page in task.file.man)
