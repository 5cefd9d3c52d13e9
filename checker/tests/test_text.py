from __future__ import annotations

import pytest

from checker.text import WINDOW, command_line, compare, count, describe, escape, plain, show


@pytest.mark.parametrize(
    ("data", "spelled"),
    [
        (b"Hello!\n", r"Hello!\n"),
        (b'say "\\"', r"say \"\\\""),
        (b"\0\t\r\x1b", r"\0\t\r\e"),
        (b"\x01\x7f\x80\xff", r"\x01\x7f\x80\xff"),
        ("é".encode(), r"\xc3\xa9"),
        (b"", ""),
    ],
)
def test_bytes_are_spelled_as_in_a_c_string(data: bytes, spelled: str) -> None:
    assert escape(data) == spelled


def test_every_byte_is_spelled_so_that_a_terminal_shows_it() -> None:
    assert all(0x20 <= ord(char) < 0x7F for char in escape(bytes(range(256))))


def test_plain_text_keeps_its_lines_and_loses_what_a_terminal_obeys() -> None:
    assert plain("a\x1b[31mb\r\nc\x9b\u202e“d”") == "a?[31mb?\nc??“d”"


def test_a_short_payload_is_shown_whole() -> None:
    assert show(b"abc") == '"abc"'


def test_a_long_payload_is_cut_at_both_ends() -> None:
    data = b"x" * WINDOW + b"y" * WINDOW + b"z"
    assert show(data) == f'"{"x" * WINDOW}"…'
    assert show(data, WINDOW) == f'…"{"y" * WINDOW}"…'
    assert show(data, 2 * WINDOW) == '…"z"'


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 bytes"), (1, "1 byte"), (2, "2 bytes"), (1400, "1,400 bytes")]
)
def test_numbers_agree_with_their_noun(number: int, said: str) -> None:
    assert count(number) == said


def test_other_things_than_bytes_are_counted() -> None:
    assert count(1, "client") == "1 client"
    assert count(20, "client") == "20 clients"


def test_a_payload_is_described_by_its_size_and_beginning() -> None:
    assert describe(b"") == "0 bytes"
    assert describe(b"a\n") == r'2 bytes, "a\n"'


def test_a_command_is_shown_as_one_would_type_it() -> None:
    assert command_line(["./03-udp-sendto", "tejo", "58001"]) == "./03-udp-sendto tejo 58001"


@pytest.mark.parametrize("odd", ["", "two words", "a\nb", "$(reboot)", "\x1b[2J", "x" * 500])
def test_an_odd_or_long_word_of_a_command_is_shown_as_bytes(odd: str) -> None:
    assert command_line(["./p", odd]) == f"./p {show(odd.encode())}"


def _caret(expected: bytes, got: bytes) -> tuple[str, str]:
    """What stands above the caret, and what is said at it."""
    _, told = compare(expected, got)
    _, shown, marked = told.splitlines()
    return shown[marked.index("^") :], marked.strip()


def test_the_caret_stands_under_the_first_wrong_byte() -> None:
    above, said = _caret(b"Hello!\n", b"HeLlo!\n")
    assert above.startswith("Llo!")
    assert said == "^ first difference at byte 2"


def test_the_caret_is_right_where_escaped_bytes_precede_it() -> None:
    above, _ = _caret(b"\0\n\xffab", b"\0\n\xffAb")
    assert above == 'Ab"'


def test_a_difference_far_inside_is_shown_with_what_surrounds_it() -> None:
    expected, got = compare(b"a" * 5000 + b"b" * 50, b"a" * 5000 + b"c" * 50)
    assert expected.splitlines()[0] == "5,050 bytes"
    assert "aaaabbbb" in expected and "aaaacccc" in got
    assert got.splitlines()[1].startswith('…"')
    above, said = _caret(b"a" * 5000 + b"b" * 50, b"a" * 5000 + b"c" * 50)
    assert above.startswith("cccc")
    assert said == "^ first difference at byte 5,000"


def test_an_answer_that_ends_early_is_said_to_end() -> None:
    above, said = _caret(b"abcdef", b"abc")
    assert above == '"'
    assert said == "^ it ends here, after 3 bytes"


def test_an_answer_that_goes_on_too_long_is_said_to() -> None:
    above, said = _caret(b"abc", b"abc\0\0")
    assert above == r'\0\0"'
    assert said == "^ more than expected, from byte 3 on"
