"""GitHub Classroom. Its reporter has no schema: these are the rules its code goes by
(classroom-resources/autograding-grading-reporter, `src/main.js`, `src/notify-classroom.js`):

- `NAME_RESULTS` is base64 of JSON; `tests` have name, status, score, message, line_no;
- with a `max_score`, the points are the sum of the tests' scores; without one, none are reported;
- it prints names, and the messages of errors, as they are."""

from __future__ import annotations

import base64
import json
from typing import Any

from jsonschema import Draft202012Validator

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import github_classroom
from checker.tests.formats.made_class import (
    HUGE,
    SECRET,
    assert_harmless,
    honest,
    hostile,
    made_grade,
    made_student,
    made_task,
    missing,
    not_graded,
    whole_class,
)

LONGEST_STRING = 128 * 1024
"""What Linux takes as one string of the environment (execve(2))."""

STATUS = {"enum": ["pass", "fail", "error"]}
RULES = {
    "type": "object",
    "required": ["version", "status", "tests"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "status": STATUS,
        "max_score": {"type": "integer"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "status", "score", "message", "line_no"],
                "additionalProperties": False,
                "properties": {
                    "name": {"type": "string"},
                    "status": STATUS,
                    "score": {"type": "integer"},
                    "message": {"type": "string"},
                    "test_code": {"type": "string"},
                    "filename": {"type": "string"},
                    "line_no": {"const": 0},
                },
            },
        },
    },
}


def results(grade: StudentGrade) -> dict[str, Any]:
    text = github_classroom.environment(grade)
    name, _, encoded = text.partition("=")
    assert name == f"{github_classroom.RUNNER.upper()}_RESULTS"
    assert text.count("\n") == 1
    found: dict[str, Any] = json.loads(base64.b64decode(encoded))
    return found


def reported(found: dict[str, Any]) -> tuple[int, int] | None:
    """What the reporter makes of it: points, and of how many."""
    if not found.get("max_score"):
        return None
    return sum(test["score"] for test in found["tests"]), found["max_score"]


def test_every_student_keeps_to_the_rules() -> None:
    for grade in whole_class():
        Draft202012Validator(RULES).validate(results(grade))


def test_the_reporter_adds_up_the_grade() -> None:
    assert reported(results(honest())) == (7, 20)
    assert reported(results(missing())) == (0, 20)


def test_lateness_never_makes_less_than_nothing() -> None:
    late = made_student("Ana", "ana", made_task("01-one", points=2), penalty=5)
    assert reported(results(late)) == (0, 10)


def test_what_is_not_graded_reports_an_error_and_no_points() -> None:
    found = results(not_graded())
    assert reported(found) is None
    assert found["status"] == "error"
    notices = github_classroom.notices(not_graded())
    assert notices.startswith("::error title=Autograding::Not graded yet")
    assert "Points" not in notices


def test_the_notices_are_the_reporters_own() -> None:
    assert github_classroom.notices(honest()) == (
        "::notice title=Autograding complete::Points 7/20\n"
        '::notice title=Autograding report::{"totalPoints":7,"maxPoints":20}\n'
    )


def test_a_hidden_check_is_not_told() -> None:
    found = json.dumps(results(honest()))
    assert SECRET not in found
    assert "1 hidden check counts too." in found


def test_nothing_it_prints_is_a_workflow_command() -> None:
    for test in results(hostile())["tests"]:
        for printed in (test["name"], *test["message"].splitlines()):
            assert_harmless(printed)
            assert not printed.lstrip().startswith("::")
            assert "##[" not in printed


def test_the_environment_can_hold_it() -> None:
    for message in (HUGE, "👩\\" * 50_000):
        flood = made_grade("floods", outcome="failed", message=message)
        many = [made_task(f"{n:02}-task", *[flood] * 25, outcome="not done") for n in range(40)]
        text = github_classroom.environment(made_student("Eve", "eve", *many))
        assert len(text.encode()) < LONGEST_STRING
