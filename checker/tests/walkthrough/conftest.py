"""A workspace of two small tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.workspace import Workspace


@pytest.fixture
def place(
    course: Path,  # noqa: ARG001  # the tasks, before the workspace is made of them
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Workspace:
    made = Workspace(tmp_path.resolve() / "work")
    made.start()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return made
