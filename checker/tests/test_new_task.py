"""scripts/new-task: what it makes is a whole task."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.tests.clone import copy_to, run

SLUG = "13-loud-client"
SOLUTION = f"solutions/{SLUG}/main.cpp"
CHECKS = "checker/checks/test_13_loud_client.py"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with a new task."""
    folder = copy_to(tmp_path_factory.mktemp("clone"))
    made = run("scripts/new-task", SLUG, "A loud client", at=folder)
    assert made.returncode == 0, made.stderr
    return folder


def test_its_solution_passes(clone: Path) -> None:
    judged = run("./lab", "check", "13", "--solutions", at=clone)
    assert (judged.returncode, judged.stderr) == (0, "")


@pytest.mark.usefixtures("private_arena")
def test_its_skeleton_fails_at_the_check_that_it_names(clone: Path) -> None:
    tell = "from checker import catalog; from checker.proof.skeletons import complaint"
    told = run("python", "-c", f"{tell}; print(complaint(catalog.find('13')))", at=clone)
    assert (told.stdout, told.stderr) == ("\n", "")


@pytest.mark.usefixtures("private_arena")
def test_its_mutant_is_caught(clone: Path) -> None:
    tried = run("python", "-m", "checker.proof.mutants", "13", at=clone)
    assert tried.stdout.splitlines()[-1] == "mutants: 1 of 1 caught by the check they name"
    assert tried.returncode == 0


@pytest.mark.parametrize(
    "command",
    [
        ("scripts/weave", "--check"),
        ("ruff", "check", CHECKS),
        ("ruff", "format", "--check", CHECKS),
        ("mypy", CHECKS),
        ("clang-format", "--dry-run", "--Werror", SOLUTION),
        ("clang-tidy", "--quiet", SOLUTION, "--", "-std=c++20", "-Wall", "-Wextra", "-Wconversion"),
        ("codespell", f"solutions/{SLUG}", f"tasks/{SLUG}", CHECKS),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_it_has_the_style_of_the_house(clone: Path, command: tuple[str, ...]) -> None:
    found = run(*command, at=clone)
    assert found.returncode == 0, found.stdout + found.stderr


def test_its_title_is_the_one_that_was_given(clone: Path) -> None:
    assert "A loud client" in run("./lab", "list", at=clone).stdout


@pytest.mark.parametrize(
    ("slug", "title", "complaint"),
    [
        ("loud", "Loud", "is no slug"),
        ("14-Loud", "Loud", "is no slug"),
        ("../../14-loud", "Loud", "is no slug"),
        ("10-loud", "Loud", "there is tasks/10-tcp-server already"),
        ("14-loud", 'A "loud" one', "a title has no quotes"),
    ],
)
def test_a_task_that_cannot_be_is_refused_in_one_line(
    clone: Path, slug: str, title: str, complaint: str
) -> None:
    before = run("git", "status", "--porcelain", at=clone).stdout
    refused = run("scripts/new-task", slug, title, at=clone)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    assert complaint in refused.stderr
    assert run("git", "status", "--porcelain", at=clone).stdout == before
