"""A class of any size, made from solutions, skeletons and mutants, with the grades that it must
get. The same seed makes the same class."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from checker import catalog, submission
from checker.catalog import Task
from checker.grading.book import checks_of
from checker.grading.gradebook import Gradebook, GradeOutcome, TaskGrade
from checker.proof.mutant import load
from checker.workspace import Workspace

BROKEN = "int main( {\n"

KINDS = {"solution": 55, "core mutant": 20, "craft mutant": 8, "skeleton": 8}
KINDS |= {"broken": 3, "missing": 2, "copy": 4}
"""How many of a hundred."""


@dataclass(frozen=True)
class Expected:
    """`fails`: the check that must fail, "" where none may."""

    outcome: GradeOutcome
    fails: str = ""

    def complaint(self, grade: TaskGrade) -> str:
        """ "" when the grade is the expected one."""
        failed = {check.id for check in grade.checks if check.outcome != "passed"}
        if grade.outcome != self.outcome or (self.fails and self.fails not in failed):
            found = ", ".join(sorted(failed)) or "no check failed"
            return f"{grade.task}: expected {self}, got {grade.outcome} ({found})"
        whole = (grade.points, grade.stars) == (grade.max_points, grade.max_stars)
        if self.outcome == "done" and not self.fails and not whole:
            return f"{grade.task}: {grade.points} of {grade.max_points} points"
        return ""


@dataclass(frozen=True)
class Pupil:
    """`files`: slug → the source that is handed in; `expected`: for every task."""

    id: str
    name: str
    files: dict[str, str] = field(default_factory=dict)
    expected: dict[str, Expected] = field(default_factory=dict)


def invent(students: int, tasks: list[Task], seed: int) -> list[Pupil]:
    """Each source is a student's own, but for those that are copied from another student."""
    random = Random(seed)
    pupils: list[Pupil] = []
    for number in range(students):
        pupil = Pupil(f"s{number:04}", f"Pupil No. {number}")
        for task in tasks:
            kind = random.choices(list(KINDS), list(KINDS.values()))[0]
            _give(pupil, task, kind, random, pupils)
        pupils.append(pupil)
    return pupils


def hand_in(pupils: list[Pupil], folder: Path) -> None:
    """As archives of `lab submit`, plain folders and zip files, in turn."""
    ways: list[Callable[[Pupil, Path], None]] = [_archive, _folder, _zip]
    folder.mkdir(parents=True)
    for number, pupil in enumerate(pupils):
        if pupil.files:
            ways[number % len(ways)](pupil, folder)


def roster(pupils: list[Pupil], file: Path) -> None:
    """A class list, with those who handed in nothing."""
    rows = [f"{pupil.id},{pupil.name}" for pupil in pupils]
    file.write_text("\n".join(["id,name", *rows]) + "\n")


def complaints(pupils: list[Pupil], book: Gradebook) -> list[str]:
    """Every grade that is not the expected one."""
    found = {student.student.id: student for student in book.students}
    assert sorted(found) == sorted(pupil.id for pupil in pupils)
    return [
        f"{pupil.id} {complaint}"
        for pupil in pupils
        for grade in found[pupil.id].tasks
        if (complaint := pupil.expected[grade.task].complaint(grade))
    ]


def _give(pupil: Pupil, task: Task, kind: str, random: Random, others: list[Pupil]) -> None:
    if kind == "copy" and others:
        other = random.choice(others)
        pupil.expected[task.slug] = other.expected[task.slug]
        if task.slug in other.files:
            pupil.files[task.slug] = other.files[task.slug]
        return
    if kind == "missing":
        pupil.expected[task.slug] = Expected("missing")
        return
    text, expected = _made(task, kind, random)
    pupil.files[task.slug] = f"{text}\n// {pupil.id}\n"
    pupil.expected[task.slug] = expected


def _made(task: Task, kind: str, random: Random) -> tuple[str, Expected]:
    if kind == "skeleton":
        return task.skeleton.read_text(), Expected("not done", task.file.first_failure)
    if kind == "broken":
        return task.solution.read_text() + BROKEN, Expected("does not compile")
    level = kind.removesuffix(" mutant")
    if level != kind:
        return _mutated(random.choice(_patches(task, level)), level)
    return task.solution.read_text(), Expected("done")


@cache
def _mutated(patch: Path, level: str) -> tuple[str, Expected]:
    mutant = load(catalog.find(patch.parent.parent.name), patch)
    text = mutant.source.files["main.cpp"].decode()
    passes = level == "craft" and not mutant.also_core
    return text, Expected("done" if passes else "not done", mutant.caught_by)


def _patches(task: Task, level: str) -> list[Path]:
    """The mutants that a check of this level must catch."""
    marks = checks_of(task)
    return [patch for patch in task.mutants if marks[_catcher(patch)].level == level]


@cache
def _catcher(patch: Path) -> str:
    found = re.search(r"^caught-by: *(\w+)", patch.read_text(), re.MULTILINE)
    assert found, patch
    return found[1]


def _archive(pupil: Pupil, folder: Path) -> None:
    """As `lab submit` packs it."""
    with TemporaryDirectory() as place:
        _write(pupil, Path(place))
        submission.pack(Workspace(Path(place)), pupil.name, pupil.id, folder / f"{pupil.id}.tar.gz")


def _folder(pupil: Pupil, folder: Path) -> None:
    _write(pupil, folder / pupil.id)


def _zip(pupil: Pupil, folder: Path) -> None:
    with zipfile.ZipFile(folder / f"{pupil.id}.zip", "w") as archive:
        for task, text in pupil.files.items():
            archive.writestr(f"{task}/main.cpp", text)


def _write(pupil: Pupil, folder: Path) -> None:
    for task, text in pupil.files.items():
        (folder / task).mkdir(parents=True)
        (folder / task / "main.cpp").write_text(text)
