"""The recipe for GitHub Actions, with files in the place of the runner's."""

from __future__ import annotations

import base64
import json
import stat
import subprocess
from pathlib import Path

import pytest
import yaml

from checker.sandbox import ROOT
from checker.tests.recipes.platforms import BROKEN, FORBIDS, RECIPES, TASK, hands_in, run

pytestmark = pytest.mark.usefixtures("private_arena")


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """The job's folder, the student's repository checked out in it."""
    hands_in(tmp_path / "submission", BROKEN)
    (tmp_path / "submission" / ".git").mkdir()
    (tmp_path / "env").touch()
    (tmp_path / "summary").touch()
    return tmp_path


def grade(runner: Path, through: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    files = {"GITHUB_ENV": f"{runner}/env", "GITHUB_STEP_SUMMARY": f"{runner}/summary"}
    script = RECIPES / "github-actions" / "grade"
    return run(script, "submission", "--tasks", "1", at=runner, through=through, **files)


def test_the_reporter_and_the_summary_get_what_they_read(runner: Path) -> None:
    done = grade(runner)
    assert done.returncode == 0, done.stderr
    name, _, encoded = (runner / "env").read_text().partition("=")
    assert name == "LOOPBACK_RESULTS"
    [test] = json.loads(base64.b64decode(encoded))["tests"]
    assert (test["status"], test["score"]) == ("fail", 0)
    assert "does not compile" in (runner / "summary").read_text()


def obeyed(log: str) -> list[str]:
    """The lines in which the runner finds a command, as it does (actions/runner,
    `ActionCommandManager.cs`): none but the token's between `stop-commands` and that."""
    found, token = [], ""
    for line in log.splitlines():
        if token:
            token = "" if line.strip() == f"::{token}::" else token
        elif line.strip().startswith("::stop-commands::"):
            token = line.strip().removeprefix("::stop-commands::")
        elif line.lstrip().startswith("::") or "##[" in line:
            found.append(line)
    return [*found, *([f"stopped for ever by {token}"] if token else [])]


def test_nothing_of_a_submission_is_obeyed(runner: Path) -> None:
    task = runner / "submission" / TASK
    (task / "main.cpp").write_text("#error ::error::owned ##[error]owned\n")
    for name in ("##[error]owned.zip", "::error::owned.zip", "::stop-commands::owned.zip"):
        (task / name).write_bytes(b"PK no archive")
    logs = [grade(runner).stdout for _ in range(2)]
    tokens = {log.splitlines()[0] for log in logs}
    assert len(tokens) == 2
    for log in logs:
        assert obeyed(log) == []
        unprotected = "\n".join(log.splitlines()[1:-1])
        assert any("##[error]owned.zip" in line for line in obeyed(unprotected))


def test_where_the_arena_is_forbidden_no_points_are_reported(runner: Path) -> None:
    done = grade(runner, through=FORBIDS)
    assert done.returncode == 3
    assert "grading needs the private arena" in done.stdout
    assert obeyed(done.stdout) == []
    assert (runner / "env").read_text() == ""


def test_the_workflow_has_the_names_that_the_reporter_needs() -> None:
    workflow = yaml.safe_load((RECIPES / "github-actions" / "autograding.yml").read_text())
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    steps = workflow["jobs"]["run-autograding-tests"]["steps"]
    assert steps[-1]["with"] == {"runners": "loopback"}
    scripts = [step["run"].split()[0] for step in steps if "loopback/" in step.get("run", "")]
    assert scripts
    for script in scripts:
        assert (ROOT / script.removeprefix("loopback/")).stat().st_mode & stat.S_IXUSR
