"""What the tests share."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from checker import catalog, workspace
from checker.machine import why_no_arena
from checker.tests.browser import Browser, open_browser
from checker.workspace import Workspace

TASK_FILE = """title = "Task {number}"
minutes = {number}0
concepts = []
man = ["read(2)"]
steps = []
arguments = "{{port}}"
first_failure = "listens"
"""


def pytest_configure() -> None:
    """What the tests start can be ended by Ctrl-C, also where a shell has begun them in the
    background, which has them ignore it (sh(1), “Asynchronous lists”)."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@cache
def _trouble() -> str:
    return why_no_arena()


@cache
def _namespaces_are_allowed() -> bool:
    command = ["unshare", "--user", "--map-root-user", "--net", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def private_arena() -> None:
    """For tests that need a network of their own; skips where the machine forbids it."""
    if _trouble():
        assert not _namespaces_are_allowed(), f"the machine allows it, but: {_trouble()}"
        pytest.skip(_trouble())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with every task's skeleton, far from the user's own."""
    place = Workspace(tmp_path.resolve() / "workspace")
    place.start()
    return place.folder


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of two small tasks, `01-one` and `02-two`, that take the place of the real ones;
    `work/` is somewhere else too."""
    tasks = tmp_path / "tasks"
    for number, name in enumerate(("one", "two"), start=1):
        task = tasks / f"0{number}-{name}"
        task.mkdir(parents=True)
        (task / "task.toml").write_text(TASK_FILE.format(number=number))
        (task / "main.cpp").write_text(f"// TODO {number}\n")
        (task / "hints.md").write_text("# Hints\n\n## A nudge\n\nThink.\n\n## Code\n\n`read`\n")
    monkeypatch.setattr(catalog, "TASKS", tasks)
    monkeypatch.setattr(catalog, "SOLUTIONS", tmp_path / "solutions")
    monkeypatch.setattr(workspace, "HOME", tmp_path / "work")
    return tasks


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests that look at pages; each opens the page that it needs."""
    with open_browser() as opened:
        yield opened
