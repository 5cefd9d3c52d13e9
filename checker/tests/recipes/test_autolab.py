"""The recipe for Autolab, in the folder of a job (“Guide for Lab Authors”)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checker.sandbox import ROOT
from checker.tests.recipes.platforms import BROKEN, FORBIDS, RECIPES, all_tasks, hands_in, run

pytestmark = pytest.mark.usefixtures("private_arena")


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The folder of a job: the handin, and the two files of the lab."""
    hands_in(tmp_path / "work", BROKEN)
    archive = shutil.make_archive(str(tmp_path / "made"), "gztar", tmp_path / "work")
    job = tmp_path / "job"
    job.mkdir()
    shutil.move(archive, job / "handin.tar.gz")
    shutil.copy(RECIPES / "autolab" / "autograde-Makefile", job / "Makefile")
    return job


def scores(printed: str) -> dict[str, int | None]:
    found: dict[str, int | None] = json.loads(printed.rstrip().splitlines()[-1])["scores"]
    return found


def test_the_last_line_has_the_scores(job: Path) -> None:
    done = run("make", f"LOOPBACK={ROOT}", at=job)
    assert done.returncode == 0, done.stderr
    assert scores(done.stdout) == dict.fromkeys(all_tasks(), 0)
    assert "does not compile" in done.stdout


def test_where_the_arena_is_forbidden_every_problem_stays_open(job: Path) -> None:
    done = run("make", f"LOOPBACK={ROOT}", at=job, through=FORBIDS)
    assert done.stdout.startswith("Not graded. This is no zero; ask your instructor.\n")
    assert "lab: grading needs the private arena" in done.stdout
    assert scores(done.stdout) == dict.fromkeys(all_tasks())
