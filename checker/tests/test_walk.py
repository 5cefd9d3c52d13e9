"""A student's whole way: every task from its skeleton to its last star, then every experiment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checker import catalog, experiments, progress, regions, run
from checker.catalog import Task
from checker.experiments import record
from checker.experiments.model import Experiment
from checker.results import CheckResult, Result
from checker.run import Request
from checker.source import read_folder
from checker.workspace import Workspace

AT_ONCE = 4


def steps(solution: str) -> Iterator[str]:
    """The program as it grows between the skeleton and the solution: each gap filled, one
    after the other, down the page. What a gap needs stands above it, so that each compiles."""
    parts = regions.parse(solution)
    gaps = [part for part in parts if not isinstance(part, str)]
    for filled in range(1, len(gaps)):
        lines: list[str] = []
        for part in parts:
            if isinstance(part, str):
                lines.append(part)
            elif part in gaps[:filled]:
                lines += part.code
            else:
                lines += part.stand_in
        yield "\n".join(lines) + "\n"


def core(result: Result) -> list[CheckResult]:
    return [check for check in result.checks if check.level == "core"]


def green(result: Result) -> int:
    """How many core checks passed. A step that does not compile is none."""
    assert result.outcome in ("done", "not done"), f"{result.task}: {result.diagnostics}"
    return sum(check.outcome == "passed" for check in core(result))


def judged(place: Workspace, task: Task, only: frozenset[str] = frozenset()) -> Result:
    """What is saved, with the one build that is quick to make; it is no verdict to record."""
    source = read_folder(task.slug, place.of(task))
    return run.run(Request(task, source, only=only, diagnose=False, under="judged")).result


def finished(place: Workspace, task: Task) -> Result:
    """What is saved, as `./lab check` judges and records it."""
    one = run.run(Request(task, read_folder(task.slug, place.of(task)), diagnose=False))
    progress.record(place, task, one)
    return one.result


def walk(place: Workspace, task: Task) -> list[int]:
    """From the skeleton to the solution; how many core checks were green after each step."""
    skeleton = judged(place, task)
    wrong = [check.id for check in core(skeleton) if check.outcome == "failed"]
    assert wrong[0] == task.file.first_failure, f"{task.slug} is shown failing at {wrong[0]}"
    wanted = frozenset(check.id for check in core(skeleton))
    solution = task.solution.read_text()
    counts = [green(skeleton)]
    for step in steps(solution):
        place.program(task).write_text(step)
        counts.append(green(judged(place, task, wanted)))
    place.program(task).write_text(solution)
    return [*counts, green(finished(place, task))]


def answer(place: Workspace, experiment: Experiment) -> str:
    """Predicts what the guide says; whose program it was run on."""
    prose = experiment.prose
    prediction = prose.seen if experiment.choices else str(prose.answer)
    return experiment.run(place, prediction).program


@pytest.mark.usefixtures("private_arena")
def test_a_student_walks_from_the_first_skeleton_to_the_last_star(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    place, tasks = Workspace(folder), catalog.tasks()
    assert not any(standing.result for standing in progress.standings(place))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        walks = list(pool.map(lambda task: walk(place, task), tasks))
        every = experiments.all()
        programs = list(pool.map(lambda each: answer(place, each), every))
    fallen = [(task.slug, n) for task, n in zip(tasks, walks, strict=True) if n != sorted(n)]
    assert not fallen, "a step forward takes no check away"
    standings = progress.standings(place)
    assert [standing.task.slug for standing in standings if not standing.done] == []
    results = [standing.result for standing in standings if standing.result]
    assert [(r.task, r.stars) for r in results] == [(r.task, r.max_stars) for r in results]
    assert progress.current_task(place) is None
    assert programs == ["yours"] * len(every)
    assert set(record.notes(place)) == {each.slug for each in every}
