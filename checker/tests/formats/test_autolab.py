"""Autolab. It has no schema: these are the rules of “Guide for Lab Authors” and of the code that
reads the output (`app/helpers/assessment_autograde_core.rb`):

- the last line is JSON with `scores`, problem → number; a problem that is left out stays open;
- before that it quotes every bare `word:`, so that none may stand inside a string;
- where the line is no such JSON, or has no score at all, it puts zeros;
- a line that is JSON with `_presentation` changes how the feedback is shown."""

from __future__ import annotations

import json
import re

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import autolab, told
from checker.tests.formats.made_class import (
    SECRET,
    assert_harmless,
    details,
    honest,
    hostile,
    made_student,
    made_task,
    missing,
    not_graded,
    unstable,
    whole_class,
)


def scores(grade: StudentGrade) -> dict[str, int | None]:
    """As Autolab reads them."""
    text = autolab.text(grade, details)
    last = text.rstrip().splitlines()[-1]
    quoted = re.sub(r"([a-zA-Z0-9]+):", r'"\1":', last)
    found: dict[str, int | None] = json.loads(quoted)["scores"]
    return found


def test_the_last_line_has_a_score_for_each_task() -> None:
    assert scores(missing()) == {"01-one": 0, "02-two": 0}


def test_lateness_is_a_problem_of_its_own() -> None:
    assert scores(honest()) == {"01-one": 10, "02-two": 0, "late": -3}


def test_what_is_not_graded_stays_open() -> None:
    assert scores(not_graded()) == {"01-one": 10}
    assert told.NOT_GRADED in autolab.text(not_graded(), details)


def test_nothing_graded_is_not_nothing_scored() -> None:
    tasks = [made_task(name, outcome="error") for name in ("01-one", "02-two")]
    assert scores(made_student("Bo", "bo", *tasks)) == {"01-one": None, "02-two": None}


def test_no_outside_text_is_taken_for_scores_or_a_layout() -> None:
    for grade in whole_class():
        text = autolab.text(grade, details)
        assert_harmless(text)
        assert [line[0] for line in text.splitlines() if line.lstrip().startswith("{")] == ["{"]
    assert scores(hostile()) == {"01-one": 0, "02-two": 0}


def test_a_hidden_check_is_not_told() -> None:
    assert SECRET not in autolab.text(honest(), details)
    assert "1 hidden check counts too." in autolab.text(honest(), details)


def test_what_failed_is_told() -> None:
    text = autolab.text(hostile(), details)
    assert "✗ the program listens\n  |   1 the lab starts ./server\n" in text
    assert "  | why: Clients find a server by its port.\n" in text
    assert "main.cpp:1: error:" in autolab.text(unstable(), details)
