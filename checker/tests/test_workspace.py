"""A student's files: added, kept, restored, and never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from checker import workspace
from checker.catalog import Task, tasks
from checker.tests.made import no_room
from checker.workspace import Workspace, WorkspaceError, write_whole

pytestmark = pytest.mark.usefixtures("course")
OWN = "int main() {} // my work\n"


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """Started, with two tasks."""
    made = Workspace(tmp_path / "mine")
    made.start()
    return made


@pytest.fixture
def one() -> Task:
    return tasks()[0]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_start_copies_every_skeleton(place: Workspace) -> None:
    for task in tasks():
        assert place.program(task).read_text() == task.skeleton.read_text()


def test_a_second_start_adds_nothing(place: Workspace) -> None:
    assert place.start() == []


def test_start_keeps_a_changed_file(place: Workspace, one: Task) -> None:
    place.program(one).write_text(OWN)
    one.skeleton.write_text("// a better skeleton\n")
    assert place.start() == []
    assert place.program(one).read_text() == OWN


def test_start_renews_a_skeleton_that_was_not_touched(place: Workspace, one: Task) -> None:
    one.skeleton.write_text("// a better skeleton\n")
    assert place.start() == [one.slug]
    assert place.program(one).read_text() == "// a better skeleton\n"


def test_start_adds_tasks_that_are_new(place: Workspace, course: Path) -> None:
    (course / "02-two").rename(course / "03-three")
    assert place.start() == ["03-three"]


def test_start_brings_back_a_file_that_is_gone(place: Workspace, one: Task) -> None:
    place.program(one).unlink()
    assert place.start() == [one.slug]


@pytest.mark.parametrize("target", ["nowhere.cpp", "main.cpp"], ids=["dangling", "a loop"])
def test_start_keeps_a_link_that_cannot_be_read(place: Workspace, one: Task, target: str) -> None:
    file = place.program(one)
    file.unlink()
    file.symlink_to(target)
    assert place.start() == []
    assert os.readlink(file) == target


def test_start_keeps_an_existing_file_of_the_same_name(tmp_path: Path) -> None:
    file = tmp_path / "mine" / "01-one" / "main.cpp"
    file.parent.mkdir(parents=True)
    file.write_text(OWN)
    assert Workspace(tmp_path / "mine").start() == ["02-two"]
    assert file.read_text() == OWN


@pytest.mark.parametrize("content", ["", "{", "[]", '{"01-one": 7}', "\0\xff"])
def test_with_damaged_records_nothing_is_overwritten(
    place: Workspace, one: Task, content: str
) -> None:
    place.program(one).write_text(OWN)
    (place.records / "given.json").write_bytes(content.encode("latin-1"))
    place.start()
    assert place.program(one).read_text() == OWN
    kept = place.reset(one)
    assert kept is not None and kept.read_text() == OWN


def test_an_editor_finds_how_each_file_is_compiled(place: Workspace) -> None:
    entries = json.loads((place.folder / "compile_commands.json").read_text())
    files = [Path(entry["directory"], entry["file"]) for entry in entries]
    assert files == [place.program(task) for task in tasks()]
    assert all("-std=c++20" in entry["arguments"] for entry in entries)


def test_start_keeps_somebody_elses_compile_commands(tmp_path: Path) -> None:
    file = tmp_path / "compile_commands.json"
    file.write_text("[]")
    Workspace(tmp_path).start()
    assert file.read_text() == "[]"


def test_the_command_is_linked_into_the_workspace(place: Workspace) -> None:
    assert (place.folder / "lab").resolve() == workspace.COMMAND


def test_start_mends_the_link_when_the_clone_has_moved(place: Workspace) -> None:
    link = place.folder / "lab"
    link.unlink()
    link.symlink_to("/nowhere/lab")
    place.start()
    assert link.resolve() == workspace.COMMAND


def test_start_keeps_a_file_that_is_called_like_the_link(tmp_path: Path) -> None:
    (tmp_path / "lab").write_text(OWN)
    Workspace(tmp_path).start()
    assert (tmp_path / "lab").read_text() == OWN


def test_reset_keeps_the_old_file_beside_the_skeleton(place: Workspace, one: Task) -> None:
    place.program(one).write_text(OWN)
    kept = place.reset(one)
    assert kept is not None and kept.parent == place.of(one) and kept.read_text() == OWN
    assert place.program(one).read_text() == one.skeleton.read_text()


def test_reset_of_a_skeleton_keeps_no_copy(place: Workspace, one: Task) -> None:
    assert place.reset(one) is None
    assert names(place.of(one)) == ["main.cpp"]


def test_resets_in_the_same_second_keep_every_file(place: Workspace, one: Task) -> None:
    contents = [f"{OWN}// {number}\n" for number in range(4)]
    kept = []
    for content in contents:
        place.program(one).write_text(content)
        kept.append(place.reset(one))
    assert [path.read_text() for path in kept if path] == contents


def test_reset_makes_a_file_that_is_gone(place: Workspace, one: Task) -> None:
    place.program(one).unlink()
    assert place.reset(one) is None
    assert place.program(one).exists()


def test_reset_without_room_changes_nothing(place: Workspace, one: Task) -> None:
    place.program(one).write_text(OWN)
    with no_room(), pytest.raises(OSError):
        place.reset(one)
    assert names(place.of(one)) == ["main.cpp"]
    assert place.program(one).read_text() == OWN


def test_an_interrupted_reset_loses_nothing(
    place: Workspace, one: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    place.program(one).write_text(OWN)
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        place.reset(one)
    assert place.program(one).read_text() == OWN


def test_a_write_without_room_leaves_the_old_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "records" / "record"
    file.parent.mkdir()
    file.write_text("old")
    with no_room(after=2), pytest.raises(OSError) as caught:
        write_whole(file, "new content")
    assert caught.value.filename == str(file)
    assert file.read_text() == "old"
    assert names(file.parent) == ["record"]


def test_an_interrupted_start_can_be_repeated(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "mine")
    with no_room(), pytest.raises(OSError):
        place.start()
    assert not place.is_started()
    assert place.start() == ["01-one", "02-two"]


def test_the_workspace_around_the_current_folder_is_meant(
    place: Workspace, one: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.of(one))
    assert workspace.current() == place


def test_elsewhere_the_usual_workspace_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert workspace.current().folder == tmp_path / "work"


def test_what_is_not_started_says_how_to_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WorkspaceError, match=r"^work is no workspace yet: run `./lab start`$"):
        workspace.started()
