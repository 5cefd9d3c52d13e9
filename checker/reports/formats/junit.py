"""JUnit XML as Jenkins' xUnit plugin accepts it (`junit-10.xsd`): a suite per task, a case per
check."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from checker.grading.gradebook import Detail, Details, StudentGrade, TaskGrade
from checker.reports.formats import told
from checker.reports.formats.neutral import line
from checker.reports.formats.told import Case

_KINDS = {"failed": "failure", "error": "error", "skipped": "skipped", "hidden": "skipped"}


def text(grade: StudentGrade, details: Details) -> str:
    """What is not graded is an error and has no points among its properties."""
    root = Element("testsuites", name=line(grade.student.id))
    for task in grade.tasks:
        root.append(_suite(task, details(grade, task)))
    for number in ("tests", "failures", "errors"):
        root.set(number, str(sum(int(suite.get(number, "0")) for suite in root)))
    root.set("time", _seconds(sum(task.seconds for task in grade.tasks)))
    indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(task: TaskGrade, detail: Detail | None) -> Element:
    cases = list(told.cases(task, detail))
    kinds = [_KINDS.get(case.outcome) for case in cases]
    suite = Element("testsuite", name=task.task, time=_seconds(task.seconds))
    suite.set("tests", str(len(cases)))
    for attribute, kind in {"failures": "failure", "errors": "error", "skipped": "skipped"}.items():
        suite.set(attribute, str(kinds.count(kind)))
    if detail:
        suite.set("timestamp", detail.result.started)
    properties = SubElement(suite, "properties")
    for name, value in _properties(task).items():
        SubElement(properties, "property", name=name, value=str(value))
    suite.extend(_case(task, case) for case in cases)
    return suite


def _properties(task: TaskGrade) -> dict[str, str | int]:
    facts: dict[str, str | int] = {"title": line(task.title), "outcome": task.outcome}
    if task.outcome != "error":
        facts |= {"points": task.points, "max_points": task.max_points}
        facts["stars"] = told.stars(task)[0]
    return facts | {"seed": task.seed}


def _case(task: TaskGrade, case: Case) -> Element:
    element = Element("testcase", name=case.name, classname=task.task, time=_seconds(case.seconds))
    if kind := _KINDS.get(case.outcome):
        SubElement(element, kind, message=case.message, type=kind).text = case.account
    return element


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f}"
