"""What every chapter owes to the checks, and what they name."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from checker import catalog
from checker.catalog import Task
from checker.check import Check, check_of
from checker.guide import building, manual
from checker.tests.guide.book import build
from checker.walkthrough.keys import KEYS

VERDICT = re.compile(r'<div class="[^"]*verdict.*?</pre>.*?<p class="seen">[^<]*', re.DOTALL)
CALL = re.compile(r"^`[^`\n,(]+\(([^`\n]+)\)`\n((?:(?:: |  ).+\n)+)", re.MULTILINE)


def checks_of(task: Task) -> list[Check]:
    module = importlib.import_module(f"checker.checks.{task.checks.stem}")
    return [check_of(getattr(module, f"test_{name}")) for name in task.check_names()]


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_every_section_that_a_check_names_is_in_the_tasks_chapter(task: Task, pages: Path) -> None:
    page = (pages / f"{task.slug}.html").read_text()
    sections = set(re.findall(r'<section id="([^"]+)"', page))
    assert {check.guide for check in checks_of(task)} <= sections


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_a_chapter_has_its_questions_its_failures_and_every_new_region(task: Task) -> None:
    text = (building.SOURCE / f"{task.slug}.md").read_text()
    assert text.startswith(f"# {task.number} · {task.title}\n")
    assert "```{briefing}" in text and "{question}" in text and "\n## More?\n" in text
    assert 3 <= text.count("```{failure} ") <= 5
    shown = re.findall(r"```\{region\} (\S+)\n", text)
    steps = re.findall(r"//> \d+ (\S+)\s+//\| (.*)", task.solution.read_text())
    new = {region for region, told in steps if not told.startswith("As in task")}
    assert new <= set(shown) <= {region for region, _ in steps}
    assert len(shown) == len(set(shown))


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_a_chapter_says_what_each_parameter_of_its_calls_is(task: Task) -> None:
    text = (building.SOURCE / f"{task.slug}.md").read_text()
    calls = CALL.findall(text.partition("## The calls\n")[2].partition("## The picture\n")[0])
    assert calls
    for parameters, told in calls:
        names = [re.split(r"[ *&]", one)[-1] for one in parameters.split(",")]
        owed = set(names) - {"void", "..."}
        assert {name for name in owed if f"*{name}*" not in told} == set()


def test_a_copy_without_solutions_has_every_page_and_the_same_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: Path
) -> None:
    monkeypatch.setattr(catalog, "SOLUTIONS", tmp_path / "none")
    book = build(building.SOURCE, tmp_path)
    assert book.warnings == []
    for task in catalog.tasks():
        page = book.page(task.slug)
        assert "Spoiler" not in page
        verdicts = VERDICT.findall((pages / f"{task.slug}.html").read_text())
        assert VERDICT.findall(page) == verdicts != []


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_every_manual_page_that_a_task_or_a_check_names_exists(task: Task) -> None:
    named = set(task.file.man).union(*(check.man for check in checks_of(task)))
    assert named <= manual.known()


def test_the_guide_names_every_key_of_the_walkthrough() -> None:
    text = (building.SOURCE / "using-the-lab.md").read_text()
    assert [f"{key} {word}" for key, word in KEYS if f"| `{key}` {word} |" not in text] == []
