"""JUnit XML, against `junit-10.xsd` of Jenkins' xUnit plugin."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import junit, told
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
from checker.tests.formats.xsd import Schema

XSD = Schema(Path(__file__).parents[1] / "data" / "junit-10.xsd")


def report(grade: StudentGrade) -> Element:
    text = junit.text(grade, details)
    assert_harmless(text)
    return fromstring(text)


def properties(suite: Element) -> dict[str, str]:
    return {found.get("name", ""): found.get("value", "") for found in suite.iter("property")}


def test_every_student_keeps_to_the_schema() -> None:
    for grade in [*whole_class(), made_student("Ana", "ana")]:
        assert XSD.complaints(report(grade)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "<testsuites><test/></testsuites>",
        '<testsuite name="a" tests="1" failures="0"/>',
        '<testsuite name="a" tests="1" failures="0" errors="0" time="soon"/>',
        '<testsuite name="a" tests="1" failures="0" errors="0" colour="red"/>',
        '<testcase name="a">text</testcase>',
        "<properties><property/></properties>",
        "<verdict/>",
    ],
)
def test_the_schema_is_really_read(wrong: str) -> None:
    assert XSD.complaints(fromstring(wrong))


def test_a_suite_counts_what_it_has() -> None:
    root = report(hostile())
    first = root[0]
    assert (first.get("tests"), first.get("failures"), first.get("errors")) == ("3", "2", "0")
    assert (root.get("tests"), root.get("failures")) == ("6", "4")
    assert len(root.findall("testsuite/testcase/failure")) == 4


def test_points_are_properties() -> None:
    found = properties(report(honest())[0])
    assert (found["points"], found["max_points"], found["seed"]) == ("10", "10", "4711")


def test_what_is_not_graded_is_an_error_without_points() -> None:
    suite = report(not_graded())[1]
    assert suite.get("errors") == "2"
    assert "points" not in properties(suite)
    errors = [found.get("message") for found in suite.iter("error")]
    assert errors == [told.NOT_GRADED, told.OWN_ERROR]


def test_what_is_missing_or_does_not_compile_fails_and_says_so() -> None:
    [failure] = report(missing())[0].iter("failure")
    assert failure.get("message") == told.MISSING
    [failure] = report(unstable())[0].iter("failure")
    assert failure.get("message") == told.NOT_COMPILED
    assert "main.cpp:1: error:" in (failure.text or "")


def test_a_hidden_check_is_not_told() -> None:
    text = junit.text(honest(), details)
    assert SECRET not in text
    assert f'name="{told.HIDDEN}"' in text
    assert text.count("<failure") == 0


def test_a_failure_tells_its_story() -> None:
    failure = next(report(hostile()).iter("failure"))
    assert "✗ 2 your program" in (failure.text or "")
