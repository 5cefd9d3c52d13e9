"""A student's feedback, as a Markdown reader shows it."""

from __future__ import annotations

from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from checker.grading.gradebook import StudentGrade
from checker.reports.formats import feedback, told
from checker.tests.formats.made_class import (
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
)

LIVE = {"html_block", "html_inline", "link_open", "image"}
"""What no outside text may become."""


def read(grade: StudentGrade) -> str:
    text = feedback.text(grade, details)
    assert_harmless(text)
    return text


def tokens(text: str) -> list[Token]:
    found = MarkdownIt("commonmark", {"html": True}).parse(text)
    return found + [child for token in found for child in token.children or []]


def headings(text: str) -> list[str]:
    found = MarkdownIt().parse(text)
    return [after.content for token, after in pairwise(found) if token.type == "heading_open"]


def test_an_honest_students() -> None:
    assert read(honest()) == (
        "# Feedback for `Ana Sá`\n\n"
        "**7 of 20 points, 3 points lost to lateness.**\n\n"
        "Submission: `ana.zip`\n\n"
        "## 01-one · Task 01-one\n\n"
        "**done · 10 of 10 points · 1 of 1 star**\n\n"
        "- ✓ the program listens\n\n"
        "## 02-two · Task 02-two\n\n"
        "**not done · 0 of 10 points**\n\n"
        "- ✓ the program listens\n"
        "- – the program ipv6: `no IPv6 here`\n\n"
        "1 hidden check counts too.\n"
    )
    assert SECRET not in read(honest())


def test_a_failure_tells_steps_difference_reason_and_where_to_read_on() -> None:
    check = made_grade("listens", outcome="failed", message="it exited with status 0")
    text = read(made_student("Ana", "ana", made_task("01-one", check, outcome="not done")))
    section = text[text.index("### ") :]
    assert section == (
        "### ✗ the program listens\n\n"
        "```text\n"
        "  1 the lab starts ./server\n"
        "✗ 2 your program the program listens\n"
        "expected:\n    a TCP socket\n"
        "got:\n    it exited with status 0\n"
        "cause:\n    it exited with status 0\n"
        "```\n\n"
        "Why: Clients find a server by its port.\n\n"
        "Read: man 2 bind · man 2 socket · ./lab hint 01\n"
    )


def test_hostile_text_stands_in_code_only() -> None:
    text = read(hostile())
    assert {token.type for token in tokens(text)} & LIVE == set()
    assert headings(text)[1:] == [
        "01-one · Task 01-one",
        "✗ the program listens",
        "☆ the program echoes",
        "02-two · Task 02-two",
        "✗ the program listens",
        "☆ the program echoes",
    ]
    outside = [t.content for t in tokens(text) if t.type in ("text", "inline", "paragraph_open")]
    assert not [part for part in outside if "forged" in part and "`" not in part]
    assert len(text) < 50_000


def test_a_title_reads_as_it_is() -> None:
    title = "sends `n` bytes, not *all* of <them>"
    checks = [
        made_grade("one", title=title),
        made_grade("two", outcome="failed", title=title),
    ]
    text = read(made_student("Ana", "ana", made_task("01-one", *checks, outcome="not done")))
    assert {token.type for token in tokens(text)} & (LIVE | {"em_open"}) == set()
    shown = [token.content for token in tokens(text) if token.type == "code_inline"]
    assert shown == ["Ana", "ana.zip"]


def test_what_is_not_graded_is_said_to_be_no_zero() -> None:
    text = read(not_graded())
    assert text.count(told.NOT_GRADED) == 2
    assert "prober died" not in text
    assert "0 of 10 points" not in text.split("02-two")[1]


def test_what_is_missing() -> None:
    assert read(missing()).count(told.MISSING) == 2


def test_what_the_compiler_said_and_what_was_unstable() -> None:
    text = read(unstable())
    assert "```text\nmain.cpp:1: error:" in text or "`text\nmain.cpp:1: error:" in text
    assert told.UNSTABLE in text


def test_many_steps_are_cut_in_the_middle() -> None:
    check = made_grade("listens", outcome="failed")
    grade = made_student("Ana", "ana", made_task("01-one", check, outcome="not done"))
    detail = details(grade, grade.tasks[0])
    assert detail is not None
    detail.result.checks[0].steps = [f"step {number}" for number in range(1, 101)]
    text = feedback.text(grade, lambda _, __: detail)
    assert "  1 step 1\n  … 93 steps more\n  95 step 95\n" in text
    assert "✗ 100 step 100\n" in text


def test_the_stars_of_hidden_checks_are_not_counted() -> None:
    checks = [made_grade("seen", level="craft"), made_grade("secret", level="craft", hidden=True)]
    task = made_task("01-one", *checks, points=10, stars=2, max_stars=2)
    assert told.verdict(task).endswith(" · 1 of 1 star")
