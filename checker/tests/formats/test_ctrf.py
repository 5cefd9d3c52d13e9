"""CTRF, against its published JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import ctrf, told
from checker.tests.formats.made_class import (
    SECRET,
    assert_harmless,
    details,
    honest,
    hostile,
    made_student,
    missing,
    not_graded,
    unstable,
    whole_class,
)

SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "ctrf.schema.json").read_text())


def results(grade: StudentGrade) -> dict[str, Any]:
    text = ctrf.text(grade, details)
    assert_harmless(text)
    report = json.loads(text)
    Draft7Validator(SCHEMA).validate(report)
    found: dict[str, Any] = report["results"]
    return found


def test_every_student_keeps_to_the_schema_and_is_counted_right() -> None:
    for grade in [*whole_class(), made_student("Ana", "ana")]:
        found = results(grade)
        summary, tests = found["summary"], found["tests"]
        assert summary["tests"] == len(tests)
        for status in ("passed", "failed", "skipped", "pending", "other"):
            assert summary[status] == sum(test["status"] == status for test in tests)


def test_points_and_times() -> None:
    summary = results(honest())["summary"]
    assert summary["extra"] == {"points": 7, "max_points": 20}
    assert (summary["start"], summary["stop"]) == (1_704_067_200_000, 1_704_067_201_000)
    assert results(honest())["tests"][1]["duration"] == 250


def test_what_is_not_graded_has_no_points_and_has_not_failed() -> None:
    found = results(not_graded())
    assert "extra" not in found["summary"]
    assert found["summary"]["failed"] == 0
    [test] = [test for test in found["tests"] if test["name"] == "is graded"]
    assert (test["status"], test["rawStatus"]) == ("other", "error")
    assert test["message"] == told.NOT_GRADED


def test_what_is_missing_or_does_not_compile_fails_and_says_so() -> None:
    found = results(missing())
    assert {test["message"] for test in found["tests"]} == {told.MISSING}
    assert (found["summary"]["start"], found["summary"]["extra"]["points"]) == (0, 0)
    first = results(unstable())["tests"][0]
    assert (first["status"], first["message"]) == ("failed", told.NOT_COMPILED)


def test_a_hidden_check_is_not_told() -> None:
    found = results(honest())
    assert SECRET not in json.dumps(found)
    [hidden] = [test for test in found["tests"] if test["name"] == told.HIDDEN]
    assert hidden["status"] == "other"


def test_a_failure_tells_its_story() -> None:
    failed = [test for test in results(hostile())["tests"] if test["status"] == "failed"]
    assert "✗ 2 your program" in failed[0]["trace"]
