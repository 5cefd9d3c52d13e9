from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checker import catalog, run
from checker.build import compile_source
from checker.catalog import Task
from checker.results import (
    SCHEMA,
    CheckResult,
    Level,
    Outcome,
    Result,
    TaskOutcome,
    json_schema,
    outcome_of,
    to_json,
)
from checker.source import read_files
from checker.timeline import Event

NASTY = '“Hello” \x00\x1b[31m\u2028\U0001f600\\"\n\t</script>\x7f\ud7ff'


def check(outcome: Outcome = "passed", level: Level = "core", **more: Any) -> CheckResult:
    return CheckResult(
        id="x", title="t", level=level, points=0, max_points=10, outcome=outcome, **more
    )


def result(**more: Any) -> Result:
    fields: dict[str, Any] = {
        "task": "10-tcp-server",
        "seed": 7,
        "checker": "1.0.0",
        "toolchain": "g++",
        "source_sha256": "0" * 64,
        "started": "2024-11-20T15:00:00+00:00",
        "seconds": 1.5,
        "outcome": "done",
        "points": 10,
        "max_points": 10,
        "stars": 0,
        "max_stars": 0,
        "checks": [check()],
    }
    return Result(**(fields | more))


@pytest.mark.parametrize(
    ("checks", "outcome"),
    [
        ([], "not done"),
        ([check("passed")], "done"),
        ([check("failed")], "not done"),
        ([check("skipped")], "not done"),
        ([check("passed"), check("skipped")], "done"),
        ([check("passed"), check("failed")], "not done"),
        ([check("passed"), check("failed", "craft")], "done"),
        ([check("passed", "craft"), check("failed")], "not done"),
        ([check("passed", "craft")], "done"),
        ([check("failed", "craft")], "not done"),
        ([check("passed"), check("error", "craft")], "error"),
        ([check("failed"), check("error")], "error"),
    ],
)
def test_a_task_is_done_when_all_core_checks_that_could_be_made_passed(
    checks: list[CheckResult], outcome: TaskOutcome
) -> None:
    assert outcome_of(checks) == outcome


def test_a_result_survives_json_whatever_its_texts_hold() -> None:
    nasty = check(
        "failed",
        reason=NASTY,
        expected=NASTY,
        got=NASTY,
        steps=[NASTY, ""],
        why=NASTY,
        timeline=[Event(at=0.25, actor=NASTY, text=NASTY)],
        program=NASTY,
    )
    original = result(checks=[nasty, check("skipped", "craft")], diagnostics=NASTY)
    assert msgspec.json.decode(msgspec.json.encode(original), type=Result) == original


def test_the_compilers_colours_do_not_get_into_a_file() -> None:
    written = to_json(result(diagnostics="\x1b[01m\x1b[Kmain.cpp:1:\x1b[m\x1b[K error: “x”"))
    assert msgspec.json.decode(written)["diagnostics"] == "main.cpp:1: error: “x”"


def test_results_of_several_tasks_are_an_array() -> None:
    written = to_json([result(), result(seed=8)])
    assert [one["seed"] for one in msgspec.json.decode(written)] == [7, 8]


def test_a_result_names_its_schema() -> None:
    assert SCHEMA == "loopback/result@1"
    assert msgspec.json.decode(to_json(result()))["schema"] == SCHEMA


def test_the_schema_has_every_field_of_version_1() -> None:
    definitions = json_schema()["$defs"]
    assert set(definitions["Result"]["properties"]) >= {
        *("schema", "task", "seed", "checker", "toolchain", "source_sha256", "started", "seconds"),
        *("outcome", "points", "max_points", "stars", "max_stars", "checks"),
    }
    assert set(definitions["CheckResult"]["properties"]) >= {
        *("id", "title", "level", "points", "max_points", "outcome", "reason", "expected", "got"),
        *("steps", "why", "man", "guide", "timeline", "seconds"),
    }


def test_points_are_whole_numbers() -> None:
    definitions = json_schema()["$defs"]
    assert definitions["Result"]["properties"]["points"] == {"type": "integer"}
    assert definitions["CheckResult"]["properties"]["max_points"] == {"type": "integer"}


def test_the_schema_knows_every_outcome() -> None:
    definitions = json_schema()["$defs"]
    assert set(definitions["Result"]["properties"]["outcome"]["enum"]) == {
        *("done", "not done", "does not compile", "error"),
    }
    assert set(definitions["CheckResult"]["properties"]["outcome"]["enum"]) == {
        *("passed", "failed", "skipped", "error"),
    }


def test_a_field_that_came_later_does_not_disturb() -> None:
    later = msgspec.json.decode(to_json(result())) | {"invented": "later"}
    assert msgspec.json.decode(msgspec.json.encode(later), type=Result) == result()


@pytest.mark.parametrize(
    "change", [{"points": "many"}, {"outcome": "perfect"}, {"checks": None}, {"checks": [{}]}]
)
def test_what_is_no_result_is_not_taken_for_one(change: dict[str, Any]) -> None:
    wrong = msgspec.json.decode(to_json(result())) | change
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(wrong), type=Result)


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_the_result_of_every_solution_survives_json(task: Task) -> None:
    """Of its first check: `make solutions` makes all of them."""
    source = read_files(task.slug, [task.solution])
    program = compile_source(source, "judged", confined=True).binary
    request = run.Request(task, None, program, only=frozenset({task.file.first_failure}))
    made = run.run(request).result
    assert [one.outcome for one in made.checks] == ["passed"]
    assert msgspec.json.decode(msgspec.json.encode(made), type=Result) == made
    assert msgspec.json.decode(to_json(made), type=Result) == made
