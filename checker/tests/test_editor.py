"""`lab open`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from checker import editor
from checker.workspace import Workspace, WorkspaceError

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace(tmp_path / "mine")
    made.start()
    monkeypatch.chdir(made.folder)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    return made


def test_visual_comes_before_editor(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "true")
    monkeypatch.setenv("EDITOR", "false")
    assert editor.edit(place, "1") == 0


def test_the_editors_exit_status_is_ours(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c 'import sys; sys.exit(7)'")
    assert editor.edit(place, "1") == 7


def test_the_editor_gets_the_tasks_file(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", "sed -i s/TODO/DONE/")
    editor.edit(place, "2")
    assert (place.folder / "02-two" / "main.cpp").read_text() == "// DONE 2\n"


@pytest.mark.parametrize(
    ("wanted", "trouble"),
    [
        ("", r"set \$VISUAL or \$EDITOR, or open 01-one/main.cpp yourself"),
        ("no-such-editor", r"the editor “no-such-editor” is not there; set \$VISUAL"),
        ("vi '", r"\$VISUAL or \$EDITOR is “vi '”: No closing quotation"),
    ],
    ids=["none", "missing", "unreadable"],
)
def test_an_unusable_editor_is_named(
    place: Workspace, monkeypatch: pytest.MonkeyPatch, wanted: str, trouble: str
) -> None:
    monkeypatch.setenv("EDITOR", wanted)
    with pytest.raises(WorkspaceError, match=trouble):
        editor.edit(place, None)
