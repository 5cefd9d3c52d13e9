"""PrairieLearn's `results.json`. It has no published schema: these are the rules of “External
Grading”, as a JSON Schema, and its limit of 1 MB."""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import prairielearn, told
from checker.tests.formats.made_class import (
    HUGE,
    SECRET,
    assert_harmless,
    details,
    honest,
    hostile,
    made_grade,
    made_student,
    made_task,
    missing,
    not_graded,
    unstable,
    whole_class,
)

RULES = {
    "type": "object",
    "properties": {
        "gradable": {"type": "boolean"},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "message": {"type": "string"},
        "output": {"type": "string"},
        "format_errors": {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
        },
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "points", "max_points"],
                "properties": {
                    "name": {"type": "string"},
                    "description": {"type": "string"},
                    "points": {"type": "number"},
                    "max_points": {"type": "number"},
                    "message": {"type": "string"},
                    "output": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
    "if": {"properties": {"gradable": {"const": False}}, "required": ["gradable"]},
    "then": {"not": {"required": ["score"]}},
    "else": {"required": ["score"]},
}


def report(grade: StudentGrade) -> dict[str, Any]:
    text = prairielearn.text(grade, details)
    assert_harmless(text)
    assert len(text.encode()) < 1_000_000
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_student_keeps_to_the_documentation() -> None:
    Draft202012Validator.check_schema(RULES)
    for grade in whole_class():
        Draft202012Validator(RULES).validate(report(grade))


def test_the_score_is_a_share_and_the_tests_add_up_to_it() -> None:
    found = report(honest())
    assert found["score"] == 7 / 20
    assert sum(test["points"] for test in found["tests"]) == 7
    assert sum(test["max_points"] for test in found["tests"]) == 20


def test_a_missing_submission_is_zero() -> None:
    found = report(missing())
    assert (found["gradable"], found["score"]) == (True, 0)
    assert told.MISSING in found["tests"][0]["output"]


def test_what_is_not_graded_is_not_gradable() -> None:
    found = report(not_graded())
    assert found == {"gradable": False, "format_errors": [told.NOT_GRADED]}


def test_what_failed_is_told() -> None:
    assert "✗ 2 your program" in report(hostile())["tests"][0]["output"]
    assert "main.cpp:1: error:" in report(unstable())["tests"][0]["output"]


def test_a_hidden_check_is_not_told() -> None:
    found = json.dumps(report(honest()))
    assert SECRET not in found
    assert "1 hidden check counts too." in found


def test_no_flood_makes_it_too_large() -> None:
    for message in (HUGE, "👩\\" * 50_000):
        flood = made_grade("floods", outcome="failed", message=message)
        many = [made_task(f"{n:02}-task", *[flood] * 25, outcome="not done") for n in range(40)]
        report(made_student("Eve", "eve", *many))


def test_no_tasks_are_no_points() -> None:
    assert report(made_student("Ana", "ana"))["score"] == 0
