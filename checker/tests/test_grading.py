"""`lab grade`, from submissions to the gradebook."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from rich.console import Console

from checker import catalog, run
from checker.grading import grade as grading
from checker.grading.book import gradebook
from checker.grading.course import course_of
from checker.grading.gradebook import Gradebook, StudentGrade, TaskGrade
from checker.grading.ledger import FILE, Ledger
from checker.grading.policy import Policy, parse_tasks
from checker.run import Judged, Request
from checker.tests import classroom
from checker.tests.command import LAB, RETURNS, Ended, Terminal, lab, one_line

TASKS = "1,2"
STUDENTS, SEED = 4, 543
"""A class with every kind of grade in it, and a copy."""
UNSTABLE = """
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int main() {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  char name[65];
  gethostname(name, sizeof name);
  const long chance = now.tv_nsec / 1000;
  printf("host name: %s%s%s", name, chance & 1 ? "" : "\\n", chance & 2 ? "" : "so it is\\n");
  return chance & 4;
}
"""


def book_of(out: Path) -> Gradebook:
    with Ledger(out, read=True) as ledger:
        return gradebook(ledger, course_of(ledger))


def first(book: Gradebook, outcome: str) -> tuple[StudentGrade, TaskGrade]:
    """The first grade with that outcome."""
    pairs = ((student, task) for student in book.students for task in student.tasks)
    return next(pair for pair in pairs if pair[1].outcome == outcome)


def dump_of(out: Path) -> list[tuple[object, ...]]:
    with Ledger(out, read=True) as ledger:
        return ledger.dump()


def attempts_in(out: Path) -> int:
    base = sqlite3.connect(out / FILE)
    (number,) = base.execute("SELECT count(*) FROM attempts").fetchone()
    base.close()
    return int(number)


def hand_in(folder: Path, **programs: str) -> Path:
    """One student for each; their program for task 1."""
    for student, text in programs.items():
        (folder / "in" / student / "01-gethostname").mkdir(parents=True)
        (folder / "in" / student / "01-gethostname" / "main.cpp").write_text(text)
    return folder / "in"


def grade(submissions: Path, out: Path, *more: str | Path) -> Ended:
    return lab("grade", submissions, "--out", out, "--seed", "1", *more, at=out.parent)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class, graded once: `in`, `out` and `roster.csv`."""
    folder = tmp_path_factory.mktemp("class")
    pupils = classroom.invent(STUDENTS, parse_tasks(TASKS), SEED)
    classroom.hand_in(pupils, folder / "in")
    classroom.roster(pupils, folder / "roster.csv")
    ended = grade(folder / "in", folder / "out", "--tasks", TASKS, *roster(folder))
    assert (ended.status, ended.err) == (0, "")
    return folder


def roster(folder: Path) -> tuple[str, Path]:
    return "--roster", folder / "roster.csv"


pytestmark = pytest.mark.usefixtures("private_arena")


def test_everybody_gets_the_grade_that_was_earned(graded: Path) -> None:
    pupils = classroom.invent(STUDENTS, parse_tasks(TASKS), SEED)
    kinds = {expected.outcome for pupil in pupils for expected in pupil.expected.values()}
    assert kinds == {"done", "not done", "does not compile", "missing"}
    assert classroom.complaints(pupils, book_of(graded / "out")) == []


def test_nothing_is_graded_twice(graded: Path) -> None:
    before = dump_of(graded / "out")
    again = lab(
        *("grade", graded / "in", "--out", graded / "out", "--tasks", TASKS),
        *roster(graded),
        at=graded,
    )
    assert again.status == 0
    assert "judged" not in again.out
    assert dump_of(graded / "out") == before


def test_equal_sources_are_judged_once(graded: Path) -> None:
    pupils = classroom.invent(STUDENTS, parse_tasks(TASKS), SEED)
    handed_in = [pair for pupil in pupils for pair in pupil.files.items()]
    assert len(set(handed_in)) < len(handed_in)
    assert attempts_in(graded / "out") == len(set(handed_in))


def test_the_reports_of_who_has_left_the_class_go(graded: Path, tmp_path: Path) -> None:
    shutil.copytree(graded / "out", out := tmp_path / "out")
    (out / "feedback" / "mine.md").write_text("the instructor's own")
    gone, *left = (graded / "roster.csv").read_text().splitlines()[1:]
    student = gone.partition(",")[0]
    (tmp_path / "roster.csv").write_text("\n".join(["id,name", *left, ""]))
    submissions = shutil.copytree(graded / "in", tmp_path / "in")
    for submission in submissions.glob(f"{student}*"):
        submission.unlink()
    assert list(out.rglob(f"{student}.*"))
    assert (out / "pages" / "tasks" / "02-getaddrinfo.html").exists()
    assert grade(submissions, out, "--tasks", "1", *roster(tmp_path)).status == 0
    assert not list(out.rglob(f"{student}.*"))
    assert not (out / "pages" / "tasks" / "02-getaddrinfo.html").exists()
    assert (out / "feedback" / "mine.md").exists()
    assert len(list((out / "feedback").iterdir())) == STUDENTS
    (kept,) = (out / "autolab").glob(f"{left[0].partition(',')[0]}.txt")
    assert "02-getaddrinfo" not in kept.read_text()


def test_shards_together_are_the_whole(tmp_path: Path) -> None:
    programs = {f"s{number}": RETURNS % (number % 4) for number in range(5)}
    submissions = hand_in(tmp_path, **programs)
    whole, joined = tmp_path / "whole", tmp_path / "joined"
    assert grade(submissions, whole, "--tasks", "1").status == 0
    shards = [tmp_path / "one", tmp_path / "two"]
    for number, shard in enumerate(shards, start=1):
        assert grade(submissions, shard, "--tasks", "1", "--shard", f"{number}/2").status == 0
        assert attempts_in(shard) > 0
    assert sum(map(attempts_in, shards)) == attempts_in(whole) == 4
    assert lab("grade", "merge", *shards, "--out", joined, at=tmp_path).status == 0
    assert dump_of(joined) == dump_of(whole)
    assert (joined / "grades.csv").read_text() == (whole / "grades.csv").read_text()


def test_shards_of_different_seeds_are_not_joined(graded: Path, tmp_path: Path) -> None:
    more = ("--seed", "2", "--shard", "1/99999", "--tasks", TASKS, *roster(graded))
    lab("grade", graded / "in", "--out", tmp_path / "other", *more, at=tmp_path)
    ended = lab(
        *("grade", "merge", graded / "out", tmp_path / "other", "--out", tmp_path / "all"),
        at=tmp_path,
    )
    assert ended.status == 2
    assert "it is no shard of the same class" in one_line(ended.err)


def test_what_is_no_shard_leaves_nothing_behind(graded: Path, tmp_path: Path) -> None:
    ended = lab(
        *("grade", "merge", graded / "out", tmp_path / "none", "--out", tmp_path / "all"),
        at=tmp_path,
    )
    assert ended.status == 2
    assert "no class was graded there" in one_line(ended.err)
    assert not (tmp_path / "all").exists()


def test_a_verdict_is_explained_and_made_again(graded: Path) -> None:
    book = book_of(graded / "out")
    student, task = first(book, "not done")
    failed = next(check for check in task.checks if check.outcome == "failed")
    seen = lab("grade", "explain", graded / "out", student.student.id, task.task, at=graded)
    assert seen.status == 0
    assert failed.title.split()[0] in seen.out
    assert failed.id in seen.out
    assert f"seed {task.seed}" in seen.out
    before = dump_of(graded / "out")
    again = lab("grade", "rerun", graded / "out", student.student.name, task.task, at=graded)
    assert again.status == 0
    assert again.lines[-1] == "As in the ledger."
    assert f"seed {task.seed}" in again.out
    assert dump_of(graded / "out") == before


def test_a_hidden_check_counts_and_is_not_explained(graded: Path, tmp_path: Path) -> None:
    shutil.copytree(graded / "out", tmp_path / "out")
    book = book_of(graded / "out")
    student, task = first(book, "not done")
    failed = [check for check in task.checks if check.outcome == "failed"]
    names = ",".join(f"{task.task}:{check.id}" for check in failed)
    more = ("--hide-checks", names, "--tasks", TASKS, *roster(graded))
    assert grade(graded / "in", tmp_path / "out", *more).status == 0
    hidden = book_of(tmp_path / "out")
    assert [each.points for each in hidden.students] == [each.points for each in book.students]
    who = student.student.id
    seen = lab("grade", "explain", tmp_path / "out", who, task.task, at=tmp_path)
    feedback = (tmp_path / "out" / "feedback" / f"{student.file}.md").read_text()
    page = (tmp_path / "out" / "pages" / "students" / f"{student.file}.html").read_text()
    for told in (" ".join(seen.out.split()), feedback, page):
        assert failed
        assert not any(check.title in told or check.message in told for check in failed)
        assert not any(re.search(rf"\b{check.id}\b", told) for check in failed)
        assert "needs a hidden check" in told


def test_a_verdict_that_differs_is_made_again_alone_and_listed(tmp_path: Path) -> None:
    submissions = hand_in(tmp_path, ana=UNSTABLE)
    out = tmp_path / "out"
    ended = grade(submissions, out, "--tasks", "1", "--attempts", "8")
    assert ended.status == 1
    assert "unstable ana 01-gethostname: 9 attempts; the last one counts" in ended.out
    (verdict,) = book_of(out).students[0].tasks
    assert verdict.unstable
    assert verdict.attempts == 9


def test_an_error_is_no_zero_and_costs_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solution = catalog.find("1").solution.read_text()
    submissions = hand_in(tmp_path, ana=solution, bob=solution + "// bob\n")
    out = tmp_path / "out"
    judge = run.run

    def judge_or_fail(request: Request, stop: Connection) -> Judged:
        assert request.source
        if b"bob" in request.source.files["main.cpp"]:
            raise RuntimeError("a fault of the lab's own")
        return judge(request, stop=stop)

    order = grading.Order(
        submissions=submissions,
        out=out,
        tasks=parse_tasks("1"),
        policy=Policy(),
        jobs=2,
        seed=1,
    )
    monkeypatch.setattr(run, "run", judge_or_fail)
    printed = io.StringIO()
    assert grading.grade(order, Console(file=printed, width=200)) == 3
    said = "error bob 01-gethostname: RuntimeError: a fault of the lab's own; grade again"
    assert said in printed.getvalue().splitlines()
    assert "a fault of the lab" in (out / "pages" / "index.html").read_text()
    own = [path for path in out.rglob("bob.*") if "a fault of the lab" in path.read_text()]
    assert own == []  # a student is told no more than that
    ana, bob = book_of(out).students
    assert (ana.tasks[0].outcome, bob.tasks[0].outcome) == ("done", "error")
    assert (ana.points, bob.points) == (ana.max_points, None)
    monkeypatch.undo()
    ended = grade(submissions, out, "--tasks", "1")
    assert ended.status == 0
    assert "judged 1 of 1" in ended.out
    bob = book_of(out).students[1]
    assert (bob.points, bob.tasks[0].attempts) == (bob.max_points, 2)


def test_ctrl_c_stops_and_the_same_command_goes_on(tmp_path: Path) -> None:
    programs = {f"s{number}": RETURNS % number for number in range(4)}
    submissions, out = hand_in(tmp_path, **programs), tmp_path / "out"
    words = (LAB, "grade", submissions, "--out", out, "--tasks", "1", "--jobs", "1")
    terminal = Terminal(*words, at=tmp_path)
    terminal.sees("1/4")
    terminal.types("\x03")
    terminal.sees("to go: the same command goes on.")
    assert terminal.ends() == 130
    assert 1 <= attempts_in(out) < 4
    left = 4 - attempts_in(out)
    ended = lab("grade", submissions, "--out", out, "--tasks", "1", at=tmp_path)
    assert f"judged {left} of {left}" in ended.out
    assert ended.status == 0
