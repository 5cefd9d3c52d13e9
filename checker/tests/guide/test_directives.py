"""What a chapter can contain, and what fails the build."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from checker import catalog
from checker.guide import variants
from checker.tests.guide.book import make

QUESTION = """
:::{question} waits
What does the client see?
- [ ] Nothing
- [x] Its line
---
Its own line.
:::
"""


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (
            "```{region} nonsense\n```",
            "the solution has no region “nonsense”; it has listen, write",
        ),
        ("```{region} 99-nothing serve\n```", "no mutant called “99-nothing”"),
        ("```{region} 99/solution serve\n```", "no task is called “99”"),
        ("```{transcript} new\n$ true\n```", "not recorded yet: run `make guide-transcripts`"),
        ("```{transcript} new\nhello\n```", "“hello” is none of `$ …`, `# …`, `> …` and `| …`"),
        ("```{transcript} new\n> hello\n```", "a script is commands"),
        ("```{failure} one-read\n```", "not recorded yet: run `make guide-transcripts`"),
        ("```{failure} solution\n```", "needs the name of a check"),
        ("```{failure} one-read nonsense\n```", "10-tcp-server has no check “nonsense”"),
        ("```{failure} nonsense\n```", "10-tcp-server has no mutant called “nonsense”"),
        ("```{ladder} solution nonsense\nSee.\n```", "10-tcp-server has no check “nonsense”"),
        ("{man}`recv(9)`", "there is no manual page recv(9)"),
        ("{task}`99`", "no task is called “99”"),
        (":::{question} q\nWhat?\n:::", "needs a line `---` between the question and its answer"),
        (":::{question} q\nWhat?\n- [ ] a\n---\nb\n:::", "needs exactly one right choice"),
        ("[there](#nowhere)", "'myst' cross-reference target not found: 'nowhere'"),
        ("[there](nowhere.md)", "cross-reference target not found"),
    ],
)
def test_a_broken_page_fails_the_build_and_says_why(
    tmp_path: Path, page: str, complaint: str
) -> None:
    told = make(tmp_path, page).complaint()
    assert complaint in told
    assert "10-tcp-server.md:3" in told


def test_a_briefing_needs_a_task(tmp_path: Path) -> None:
    book = make(tmp_path, "```{briefing}\n```", name="glossary")
    assert "no task is called “glossary”" in book.complaint()


def test_a_region_is_the_solutions_code_folded_and_without_marks(tmp_path: Path) -> None:
    book = make(tmp_path, "```{region} serve\n```")
    page = book.page("10-tcp-server")
    assert book.warnings == []
    assert '<details class="folding"><summary>Spoiler: step 4, “serve”' in page
    assert "ECONNABORTED" in page and "//&gt;" not in page and "TODO" not in page


def test_a_copy_without_solutions_says_so_where_their_code_would_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog, "SOLUTIONS", tmp_path / "none")
    assert not variants.has_solutions()
    book = make(tmp_path, "```{region} serve\n```")
    assert book.warnings == []
    assert "This copy of Loopback comes without solutions." in book.page("10-tcp-server")


def test_a_manual_page_is_a_link(tmp_path: Path) -> None:
    page = make(tmp_path, "See {man}`recv(2)`.").page("10-tcp-server")
    assert "https://manpages.debian.org/bookworm/recv.2.en.html" in page


def test_a_question_has_its_choices_and_a_folded_answer(tmp_path: Path) -> None:
    page = make(tmp_path, QUESTION).page("10-tcp-server")
    assert '<div class="question" role="group" id="question-waits"' in page
    assert page.count("<li data-right>") == 1
    folded = '<details class="folding"><summary>The answer</summary>'
    assert f"{folded}<p><strong>Its line</strong></p>\n<p>Its own line.</p>" in page
    assert page.index("What does the client see?") < page.index("<summary>The answer")


def test_on_paper_the_answers_are_an_appendix(tmp_path: Path) -> None:
    page = make(tmp_path, QUESTION, builder="singlehtml").folder / "out" / "index.html"
    text = page.read_text()
    assert text.index("Question 1") < text.index("Its line") < text.index("Answer 1")
    answer = text[text.index("Answer 1") :]
    assert "<strong>Its line</strong>" in answer and "Its own line." in answer
    assert 'href="#answer-1"' in text and "<details" not in text


def test_on_paper_every_id_is_there_once_and_every_link_leads_somewhere(paper: Path) -> None:
    text = paper.read_text()
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert {unquote(link) for link in re.findall(r'href="#([^"]+)"', text)} <= set(ids)
