"""The recipe for Gradescope, in the folders of its “Autograder Specifications”."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from checker.sandbox import ROOT
from checker.tests.recipes.platforms import (
    BROKEN,
    FORBIDS,
    RECIPES,
    all_tasks,
    hands_in,
    run,
    solution,
)

pytestmark = pytest.mark.usefixtures("private_arena")


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """As the recipe's own text says."""
    archive = tmp_path_factory.mktemp("packed") / "autograder.zip"
    [block] = re.findall(
        r"```sh\n(.*?)```", (RECIPES / "gradescope" / "README.md").read_text(), re.DOTALL
    )
    command = block.replace("--output=autograder.zip", f"--output={archive}")
    subprocess.run(["sh", "-c", command], cwd=ROOT, check=True)
    return zipfile.ZipFile(archive)


@pytest.fixture
def autograder(packed: zipfile.ZipFile, tmp_path: Path) -> Path:
    """`/autograder`, after the image was built."""
    folder = tmp_path / "autograder"
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "loopback").symlink_to(ROOT)
    (folder / "submission").mkdir()
    packed.extract("run_autograder", folder)
    (folder / "run_autograder").chmod(0o755)
    return folder


def results(autograder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((autograder / "results" / "results.json").read_text())
    return found


def test_the_archive_has_what_gradescope_wants_at_its_root(packed: zipfile.ZipFile) -> None:
    inside = set(packed.namelist())
    assert {"setup.sh", "run_autograder", "loopback/lab", "loopback/scripts/setup"} <= inside
    for name in ("setup.sh", "run_autograder", "loopback/lab"):
        assert packed.getinfo(name).external_attr >> 16 & stat.S_IXUSR, name


def test_a_submission_gets_its_points(autograder: Path) -> None:
    hands_in(autograder / "submission", solution())
    done = run("./run_autograder", at=autograder)
    assert done.returncode == 0, done.stdout
    found = results(autograder)
    [first, *others] = [test for test in found["tests"] if "." not in test["number"]]
    assert (first["status"], first["score"]) == ("passed", first["max_score"])
    assert found["score"] == first["score"]
    assert {test["score"] for test in others} == {0}
    assert len(others) + 1 == len(all_tasks())


def test_where_the_arena_is_forbidden_there_is_no_score(autograder: Path) -> None:
    hands_in(autograder / "submission", BROKEN)
    done = run("./run_autograder", at=autograder, through=FORBIDS)
    assert done.returncode == 1
    found = results(autograder)
    assert "score" not in found
    assert found["tests"] == []
    assert found["output"].startswith("Not graded: grading needs the private arena: ")
    assert found["output"].endswith(" This is no zero; ask your instructor.")


def test_an_older_report_is_never_handed_on(autograder: Path) -> None:
    older = autograder / "graded" / "gradescope"
    older.mkdir(parents=True)
    (older / "submission.json").write_text('{"score": 100}')
    hands_in(autograder / "submission", BROKEN)
    run("./run_autograder", at=autograder, through=FORBIDS)
    assert "score" not in results(autograder)
