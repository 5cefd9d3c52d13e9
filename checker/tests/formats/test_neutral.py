"""Outside text made harmless, place by place."""

from __future__ import annotations

import csv
import io

import pytest
from markdown_it import MarkdownIt

from checker.reports.formats import neutral
from checker.tests.formats.made_class import EVIL, HUGE, assert_harmless


def test_what_cannot_be_printed_is_spelt_out() -> None:
    assert neutral.shown("\x1b[31m \0 \udcff \u202e") == r"\x1b[31m \x00 \xff \u202e"


def test_letters_of_every_script_stay() -> None:
    text = "José Łukasz 王小明 می\u200cخواهم 👩\u200d💻"
    assert neutral.shown(text) == text


@pytest.mark.parametrize("char", [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))])
def test_no_control_character_is_left(char: str) -> None:
    assert_harmless(neutral.block(f"a{char}b"))


def test_a_line_is_one_line() -> None:
    assert neutral.line(" one\r\ntwo\u2028three ") == r"one two\u2028three"


def test_what_is_too_long_says_how_much_is_cut() -> None:
    assert neutral.line("A" * 100_000, limit=3) == "AAA … (99,997 more characters)"
    assert len(neutral.block(HUGE)) < neutral.BLOCK + 200


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", " =1", "＝1"])
def test_no_cell_is_a_formula(start: str) -> None:
    [[cell]] = csv.reader(io.StringIO(neutral.table([[start]])))
    assert cell[0] not in "=+-@\t\r＝"


def test_no_part_of_a_cell_is_a_formula_where_semicolons_split() -> None:
    [[cell]] = csv.reader(io.StringIO(neutral.table([["Eve; =1+1"]])))
    assert cell == "Eve; '=1+1"


def test_a_table_keeps_numbers_commas_and_quotes() -> None:
    assert neutral.table([["a, b", 'say "x"', -5]]) == '"a, b","say ""x""",-5\n'


@pytest.mark.parametrize("text", ["`", "a``b", "```", "<b>", "[l](u)", "*x*", "\\", "&amp;"])
def test_a_code_span_shows_its_text_and_nothing_else(text: str) -> None:
    [span] = MarkdownIt().parseInline(neutral.code(text))[0].children or []
    assert (span.type, span.content) == ("code_inline", text)


def test_a_code_block_ends_where_we_end_it() -> None:
    tokens = MarkdownIt().parse(f"{neutral.fenced(EVIL)}\n\nafter\n")
    assert [token.type for token in tokens] == [
        "fence",
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]
    assert tokens[0].content.rstrip("\n") == neutral.block(EVIL)


def test_our_own_titles_read_as_they_are() -> None:
    title = "sends `n` bytes, 1,400 of them_all_ <now> [again] #1 & 5*3"
    children = MarkdownIt().parseInline(neutral.words(title))[0].children or []
    assert "".join(child.content for child in children) == title
    assert {child.type for child in children} <= {"text", "text_special"}


def test_no_logged_line_is_a_workflow_command() -> None:
    lines = neutral.logged(EVIL).splitlines()
    assert not [line for line in lines if line.strip().startswith("::") or "##[" in line]
    assert neutral.logged("std::thread threw") == "std::thread threw"


def test_a_workflow_command_is_one_line_and_one_command() -> None:
    command = neutral.command("notice", "a: b, c", "100%\n::error::x")
    assert command == "::notice title=a%3A b%2C c::100%25%0A::error::x"
