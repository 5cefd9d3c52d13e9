"""scripts/handout: an archive for graded courses, in which everything works but the answers."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from checker.sandbox import ROOT
from checker.tests.clone import copy_to, make_ready, run
from checker.tests.command import Ended, Terminal, lab, one_line


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clone = copy_to(tmp_path_factory.mktemp("clone"))
    packed = run("scripts/handout", at=clone)
    assert packed.returncode == 0, packed.stderr
    return clone / "dist" / "loopback.tar.gz"


@pytest.fixture(scope="module")
def handout(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a student unpacks, ready, with a workspace."""
    folder = tmp_path_factory.mktemp("student")
    run("tar", "-xf", archive, at=folder)
    unpacked = make_ready(folder / "loopback")
    assert student(unpacked, "start").status == 0
    return unpacked


def student(handout: Path, *words: str, editor: str = "") -> Ended:
    return lab(*words, at=handout, program=handout / "lab", EDITOR=editor)


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        files = {entry.name: tar.extractfile(entry) for entry in tar if entry.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def test_it_has_no_solutions_no_mutants_and_nothing_for_maintainers(archive: Path) -> None:
    inside = {name.removeprefix("loopback/") for name in contents(archive)}
    assert not {name for name in inside if name.endswith(".patch")}
    assert not {name.split("/")[0] for name in inside} & {
        "solutions",
        "Makefile",
        "CONTRIBUTING.md",
    }
    assert not {name for name in inside if name.startswith(("checker/tests/", "checker/proof/"))}
    assert {name for name in inside if name.startswith("scripts/")} == {"scripts/setup"}


def test_no_file_in_it_has_the_code_of_a_solution(archive: Path) -> None:
    everything = b"\0".join(contents(archive).values())
    for solution in ROOT.glob("solutions/*/main.cpp"):
        skeleton = (ROOT / "tasks" / solution.parent.name / "main.cpp").read_text()
        own = set(solution.read_text().splitlines()) - set(skeleton.splitlines())
        longest = max((line for line in own if "//" not in line), key=len)
        assert longest.encode() not in everything, longest


def test_it_has_every_task(archive: Path) -> None:
    inside = set(contents(archive))
    for task in ROOT.glob("tasks/*/*"):
        assert f"loopback/{task.relative_to(ROOT)}" in inside


def test_alone_it_tells_what_comes_next(handout: Path) -> None:
    ended = student(handout)
    assert (ended.status, ended.err) == (0, "")
    assert "Next: 01-" in ended.out


def test_list_shows_the_tasks(handout: Path) -> None:
    assert "10-tcp-server" in student(handout, "list").out


@pytest.mark.usefixtures("private_arena")
def test_check_judges_the_workspace(handout: Path) -> None:
    ended = student(handout, "check", "1")
    assert (ended.status, ended.err) == (1, "")
    assert "Not done yet" in ended.out


def test_watch_judges_until_it_is_told_to_quit(handout: Path) -> None:
    terminal = Terminal(handout / "lab", "watch", "1", at=handout)
    assert "Not done yet" in terminal.sees("q quits")
    terminal.types("q")
    assert terminal.ends() == 0


def test_hint_gives_the_first(handout: Path) -> None:
    assert "hint 1 of" in student(handout, "hint", "1").out


def test_open_starts_the_editor(handout: Path) -> None:
    ended = student(handout, "open", "1", editor="echo edits")
    assert (ended.status, ended.err) == (0, "")
    assert "01-gethostname/main.cpp" in ended.out


def test_reset_restores_the_skeleton(handout: Path) -> None:
    program = handout / "work" / "02-getaddrinfo" / "main.cpp"
    program.write_text("// mine\n")
    assert student(handout, "reset", "2").status == 0
    assert program.read_text() == (handout / "tasks/02-getaddrinfo/main.cpp").read_text()


def test_submit_packs_the_workspace(handout: Path, tmp_path: Path) -> None:
    target = tmp_path / "mine.tar.gz"
    ended = student(handout, "submit", "--name", "A", "--id", "1", "--out", str(target))
    assert (ended.status, ended.err) == (0, "")
    assert tarfile.is_tarfile(target)


@pytest.mark.usefixtures("private_arena")
def test_doctor_finds_a_healthy_machine(handout: Path) -> None:
    assert student(handout, "doctor").status == 0


@pytest.mark.parametrize(
    "words", [("solution", "1"), ("solution", "1", "--spoil"), ("check", "--solutions")]
)
def test_what_needs_a_solution_says_that_there_is_none(
    handout: Path, words: tuple[str, ...]
) -> None:
    ended = student(handout, *words)
    assert (ended.status, ended.out) == (2, "")
    assert one_line(ended.err) == "lab: this copy of Loopback comes without solutions"
