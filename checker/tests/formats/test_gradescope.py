"""Gradescope's `results.json`. It has no published schema: these are the rules of “Autograder
Specifications”, as a JSON Schema. (That one of the scores is there is asked for where there is a
grade; what is not graded has none on purpose.)"""

from __future__ import annotations

import json
from typing import Any

from jsonschema import Draft202012Validator

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import gradescope, told
from checker.tests.formats.made_class import (
    EVIL,
    HUGE,
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

VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
FORMAT = {"enum": ["text", "simple_format", "html", "md", "ansi"]}
RULES = {
    "type": "object",
    "additionalProperties": False,
    "anyOf": [{"required": ["score"]}, {"required": ["tests"]}],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": VISIBILITY,
        "extra_data": {"type": "object"},
        "leaderboard": {"type": "array"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}


def report(grade: StudentGrade) -> dict[str, Any]:
    text = gradescope.text(grade, details)
    assert_harmless(text)
    found: dict[str, Any] = json.loads(text)
    return found


def test_every_student_keeps_to_the_specification() -> None:
    Draft202012Validator.check_schema(RULES)
    for grade in whole_class():
        Draft202012Validator(RULES).validate(report(grade))


def test_the_score_is_the_grade_and_the_tasks_have_their_points() -> None:
    found = report(honest())
    assert found["score"] == 7
    scored = [test for test in found["tests"] if "score" in test]
    assert [(test["number"], test["score"], test["max_score"]) for test in scored] == [
        ("1", 10, 10),
        ("2", 0, 10),
    ]
    assert "3 points lost to lateness" in found["output"]


def test_a_missing_submission_is_zero() -> None:
    found = report(missing())
    assert found["score"] == 0
    assert told.MISSING in found["tests"][0]["output"]


def test_what_is_not_graded_has_no_score_anywhere_and_says_why() -> None:
    found = report(not_graded())
    assert "score" not in found
    assert not [test for test in found["tests"] if "score" in test]
    assert found["output"] == told.NOT_GRADED
    assert "prober died" not in json.dumps(found)


def test_a_hidden_check_is_hidden() -> None:
    tests = report(honest())["tests"]
    shown = [test for test in tests if test["visibility"] == "visible"]
    hidden = [test for test in tests if test["visibility"] == "hidden"]
    assert [test["number"] for test in hidden] == ["2.2"]
    assert SECRET not in json.dumps(shown)
    assert "1 hidden check counts too." in shown[2]["output"]


def test_a_failed_check_tells_its_story() -> None:
    output = report(hostile())["tests"][1]["output"]
    assert "✗ 2 your program the program listens" in output
    assert "expected:\n    a TCP socket" in output


def test_hostile_text_is_plain_text() -> None:
    """Gradescope takes the output above the tests for HTML unless told otherwise."""
    found = report(hostile())
    assert (found["output_format"], found["test_output_format"]) == ("text", "text")
    assert found["test_name_format"] == "text"
    assert found["stdout_visibility"] == "hidden"
    assert max(len(test["output"]) for test in found["tests"]) < len(HUGE) / 5
    assert EVIL not in found["output"]


def test_a_program_that_does_not_compile_says_so() -> None:
    first = report(unstable())["tests"][0]
    assert (first["status"], first["score"]) == ("failed", 0)
    assert "does not compile" in first["output"]
    assert "main.cpp:1: error:" in first["output"]


def test_no_tasks_are_no_tests() -> None:
    assert report(made_student("Ana", "ana"))["tests"] == []
