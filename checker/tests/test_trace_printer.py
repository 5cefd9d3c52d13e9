"""A growing ladder on the terminal, as far as eyes can follow."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from checker.ladder.layout import Picture, Row, Style
from checker.timeline import Timeline
from checker.trace.ends import WHOLE
from checker.trace.output import AT_ONCE, Output
from checker.trace.printer import BURST, FEW, Printer

LANES = ("your program", "the client")


def picture(*texts: str, style: Style = "call", lanes: tuple[str, ...] = LANES) -> Picture:
    return Picture(lanes, 18, tuple(Row("1.0 ms", 0, text, (), style) for text in texts))


def numbered(first: int, last: int) -> list[str]:
    return [f"call {number}" for number in range(first, last + 1)]


class Shown:
    """A printer, and what it has printed."""

    def __init__(self) -> None:
        self._file = io.StringIO()
        self.printer = Printer(Console(file=self._file, width=80))

    def lines(self) -> list[str]:
        """Since the last time, without times and heads."""
        printed = self._file.getvalue().splitlines()
        self._file.seek(0)
        self._file.truncate()
        return [re.sub(r"^ +1.0 ms ", "", line) for line in printed]


@pytest.fixture
def shown() -> Shown:
    return Shown()


def test_the_lanes_are_named_when_they_are_new(shown: Shown) -> None:
    shown.printer.show(picture("a"))
    shown.printer.show(picture("b"))
    assert [line.split() for line in shown.lines()] == [
        *(["your", "program", "the", "client"], ["a"], ["b"])
    ]
    shown.printer.show(picture(lanes=("your program", "child 1", "the client")))
    assert shown.lines() == []
    shown.printer.show(picture("c", lanes=("your program", "child 1", "the client")))
    assert "child 1" in shown.lines()[0]


def test_of_a_burst_the_first_and_the_last_rows_are_printed(shown: Shown) -> None:
    shown.printer.show(picture(*numbered(1, 2 * BURST)))
    assert shown.lines()[1:] == numbered(1, FEW)
    shown.printer.show(picture(*numbered(2 * BURST + 1, 4 * BURST)))
    assert shown.lines() == []
    shown.printer.show(picture("calm again"))
    hidden = 4 * BURST - 2 * FEW
    assert shown.lines() == [
        f"({hidden} rows not shown)",
        *numbered(4 * BURST - FEW + 1, 4 * BURST),
        "calm again",
    ]


def test_a_burst_that_is_the_end_is_told(shown: Shown) -> None:
    shown.printer.show(picture(*numbered(1, BURST + 1)))
    shown.lines()
    shown.printer.end()
    assert shown.lines()[0] == f"({BURST + 1 - 2 * FEW} rows not shown)"
    shown.printer.end()
    assert shown.lines() == []


def test_what_was_never_seen_counts_as_not_shown(shown: Shown) -> None:
    shown.printer.show(picture("a"), missed=5000)
    shown.printer.show(picture("b"))
    assert shown.lines()[1:] == ["a", "(5,000 rows not shown)", "b"]


def test_steps_are_shown_in_the_midst_of_a_burst(shown: Shown) -> None:
    shown.printer.show(picture(*numbered(1, 100)), missed=1000)
    assert shown.lines()[1:] == numbered(1, FEW)
    calls, steps = picture(*numbered(101, 300)), picture("sends", style="step")
    shown.printer.show(Picture(LANES, 18, calls.rows + steps.rows), missed=1000)
    lines = shown.lines()
    assert (lines[0], lines[-1]) == ("(1,060 rows not shown)", "sends")
    assert lines[1:-1] == numbered(81, 100)


def test_a_stream_of_rows_is_thinned_out_however_they_come(shown: Shown) -> None:
    for number in range(1000):
        shown.printer.show(picture(*numbered(10 * number, 10 * number + 9)))
    shown.printer.end()
    assert len(shown.lines()) < 5 * BURST


# What the program prints


def told(timeline: Timeline) -> list[str]:
    texts = [event.text for event in timeline.events]
    timeline.events.clear()
    return texts


def test_lines_are_told_when_they_are_whole() -> None:
    heard, timeline = bytearray(b"one\ntw"), Timeline()
    output = Output("stdout", heard, timeline)
    output.look()
    assert told(timeline) == ['stdout: "one\\n"']
    output.look()
    heard += b"o\n\nthree"
    output.look()
    assert told(timeline) == ['stdout: "two\\n"', 'stdout: "\\n"']
    output.end()
    assert told(timeline) == ['stdout: "three"']


def test_the_beginning_of_a_line_is_told_when_nothing_follows() -> None:
    heard, timeline = bytearray(b"name? "), Timeline()
    output = Output("stdout", heard, timeline)
    output.look_again()
    assert told(timeline) == []
    heard += b"or "
    output.look_again()
    assert told(timeline) == []
    output.look_again()
    assert told(timeline) == ['stdout: "name? or "']
    heard += b"else\n"
    output.look()
    assert told(timeline) == ['stdout: "else\\n"']


def test_a_long_line_and_many_lines_are_cut_short() -> None:
    heard, timeline = bytearray(b"x" * (WHOLE + 1) + b"\n" * (AT_ONCE + 5)), Timeline()
    Output("stderr", heard, timeline).look()
    texts = told(timeline)
    assert texts[0].startswith(f"stderr: {WHOLE + 2} bytes, ")
    assert texts[-1] == "stderr: … 5 lines more"
    assert len(texts) == AT_ONCE + 1
