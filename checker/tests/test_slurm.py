"""`lab grade slurm` without Slurm: a shell runs its scripts. `make test-cluster` has a real one."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from checker.grading.course import course
from checker.grading.grade import Order
from checker.grading.ledger import Ledger
from checker.grading.policy import Policy, parse_tasks
from checker.grading.slurm import grade_by_slurm, write_scripts
from checker.source import UnusableSourceError
from checker.tests.command import RETURNS, Ended, environment, lab, one_line
from checker.tests.handed import PROGRAM, put
from checker.tests.quoting import HOSTILE

SBATCH = """#!/bin/sh
# Takes the part of sbatch(1): notes what it was asked for and where, and submits nothing.
printf '%s\\0' "$(pwd)" "$*" >>"$NOTED"
echo '7;cluster'
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """With a class of three in `in`, one of whom handed in nothing, and a name like no other."""
    files = {
        "in/ana/01-gethostname/main.c": (RETURNS % 2).encode(),
        "in/bob/01-gethostname/main.c": b"int main( {\n",
        "roster.csv": b"id,name\nana,A\nbob,B\neva,E\n",
        "weights.toml": b"[tasks]\n1 = 50\n[craft]\ncount = false\n",
    }
    return put(tmp_path / HOSTILE, files)


@pytest.fixture
def asked(tmp_path: Path) -> dict[str, str]:
    """The variables with which sbatch(1) is a script that notes."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sbatch").write_text(SBATCH)
    (tmp_path / "bin" / "sbatch").chmod(0o755)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    return {"PATH": path, "NOTED": str(tmp_path / "noted")}


def noted(asked: dict[str, str]) -> list[str]:
    """The folder and the words of each call, in one list."""
    file = Path(asked["NOTED"])
    return file.read_text().split("\0")[:-1] if file.exists() else []


def order(place: Path, jobs: int | None = None) -> Order:
    return Order(
        submissions=place / "in",
        out=place / "out",
        tasks=parse_tasks("1"),
        policy=Policy(),
        jobs=jobs,
        seed=1,
    )


def run(place: Path, name: str, *words: str, **variables: str) -> Ended:
    """A script as Slurm would run it, but from another folder."""
    done = subprocess.run(
        ["sh", place / "out" / "slurm" / name, *words],
        cwd="/",
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def seed_in(folder: Path) -> int:
    found = re.search(r" --seed (\d+) ", (folder / "grade.sbatch").read_text())
    assert found
    return int(found[1])


def dump_of(out: Path) -> list[tuple[object, ...]]:
    with Ledger(out, read=True) as ledger:
        return ledger.dump()


@pytest.mark.usefixtures("private_arena")
def test_the_scripts_grade_as_the_whole_is_graded(place: Path, asked: dict[str, str]) -> None:
    options = (
        *("--tasks", "1", "--roster", "roster.csv", "--weights", "weights.toml", "--seed", "5"),
        *("--due", "2026-11-30", "--late", "10%/day", "--hide-checks", "1:prints_name"),
        *("--jobs", "2"),
    )
    assert lab("grade", "in", "--out", "whole", *options, at=place).status == 0
    words = ("in", "--out", "out", "--nodes", "2", *options)
    assert lab("grade", "slurm", *words, at=place).status == 0

    assert run(place, "grade.sbatch", SLURM_ARRAY_TASK_ID="1").status == 0
    lost = run(place, "merge.sbatch", **asked)
    assert (lost.status, lost.err) == (0, "")
    assert "Round 1: submits once more what was lost: 2" in lost.out
    folder = str(place / "out" / "slurm")
    resubmitted = [folder, "--parsable --array=2 grade.sbatch"]
    followed = [folder, "--dependency=afterany:7 merge.sbatch 2"]
    assert noted(asked) == resubmitted + followed
    assert not (place / "out" / "grades.csv").exists()

    given_up = run(place, "merge.sbatch", "3", **asked)
    assert given_up.status == 3
    assert "After 3 rounds not whole: 2" in given_up.out
    assert noted(asked) == resubmitted + followed
    assert ",error," in (place / "out" / "grades.csv").read_text()

    assert run(place, "grade.sbatch", SLURM_ARRAY_TASK_ID="2").status == 0
    merged = run(place, "merge.sbatch", **asked)
    assert (merged.status, merged.err) == (0, "")
    assert dump_of(place / "out") == dump_of(place / "whole")
    grades = (place / "out" / "grades.csv").read_text()
    assert grades == (place / "whole" / "grades.csv").read_text()
    shards = [dump_of(place / "out" / "shards" / shard) for shard in ("1", "2")]
    assert all(len(shard) < len(dump_of(place / "out")) for shard in shards)
    assert not list(place.parent.rglob("pwned"))


def test_submitting_starts_the_array_and_the_merge_after_it(
    place: Path, asked: dict[str, str]
) -> None:
    words = ("in", "--out", "out", "--nodes", "3", "--submit", "--tasks", "1")
    ended = lab("grade", "slurm", *words, at=place, PATH=asked["PATH"], NOTED=asked["NOTED"])
    assert (ended.status, ended.err) == (0, "")
    assert "`scancel 7 7` stops both" in ended.out
    folder = str(place / "out" / "slurm")
    merge = "--parsable --dependency=afterany:7 merge.sbatch"
    assert noted(asked) == [folder, "--parsable grade.sbatch", folder, merge]


def test_what_is_printed_submits_the_same(
    place: Path, asked: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert grade_by_slurm(order(place), 3, False, Console()) == 0
    printed = capsys.readouterr().out.partition("To submit them:\n")[2]
    subprocess.run(["sh", "-euc", printed], env=environment(**asked), check=True, timeout=60)
    folder = str(place / "out" / "slurm")
    merge = "--dependency=afterany:7 merge.sbatch"
    assert noted(asked) == [folder, "--parsable grade.sbatch", folder, merge]


@pytest.mark.parametrize(("jobs", "share"), [(None, "--exclusive"), (3, "--cpus-per-task=3")])
def test_a_shard_has_a_node_or_so_many_processors(
    place: Path, jobs: int | None, share: str
) -> None:
    script = (write_scripts(order(place, jobs), 4) / "grade.sbatch").read_text()
    head = script.partition("\nset -eu\n")[0]  # sbatch reads no further than to a command
    directives = re.findall(r"^#SBATCH (.*)", head, re.MULTILINE)
    assert {"--array=1-4", "--requeue", "--output=shard-%a.log", share} <= set(directives)
    assert not {"--exclusive", "--cpus-per-task=3"} - {share} & set(directives)
    assert HOSTILE not in head


def test_the_seed_of_a_class_is_drawn_once(place: Path) -> None:
    unseeded = replace(order(place), seed=None)
    drawn = seed_in(write_scripts(unseeded, 2))
    with Ledger(place / "out" / "shards" / "2") as shard:
        course("in", drawn, unseeded.tasks, unseeded.policy).remember(shard)
    assert seed_in(write_scripts(unseeded, 2)) == drawn


def test_an_earlier_status_is_not_taken_for_a_new_one(place: Path, asked: dict[str, str]) -> None:
    status = write_scripts(order(place), 1) / "shard-1.status"
    status.write_text("0\n")
    write_scripts(order(place), 1)
    assert "what was lost: 1" in run(place, "merge.sbatch", **asked).out


@pytest.mark.parametrize(
    ("nodes", "out", "why"),
    [
        ("0", "out", "--nodes"),
        ("1", "file/out", "Not a directory"),
        ("1", "100%", "Slurm takes no path with % or \\"),
        ("1", "a\\b", "Slurm takes no path with % or \\"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(tmp_path: Path, nodes: str, out: str, why: str) -> None:
    put(tmp_path, {"file": b"", "in/ana/01-gethostname/main.cpp": PROGRAM})
    ended = lab("grade", "slurm", "in", "--out", out, "--nodes", nodes, at=tmp_path)
    assert ended.status == 2
    assert why in one_line(ended.err)


def test_without_sbatch_nothing_is_written(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UnusableSourceError, match="there is no sbatch here"):
        grade_by_slurm(order(place), 1, True, Console())
    assert not (place / "out").exists()


def test_what_slurm_says_no_to_is_told_in_its_words(
    place: Path, asked: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", asked["PATH"])
    sbatch = Path(asked["NOTED"]).parent / "bin" / "sbatch"
    sbatch.write_text(
        "#!/bin/sh\necho more >&2\necho 'sbatch: error: invalid partition' >&2\nexit 1\n"
    )
    with pytest.raises(UnusableSourceError, match=r"^grade\.sbatch .*invalid partition$"):
        grade_by_slurm(order(place), 1, True, Console())
