"""A ladder as an SVG: well-formed, whole, and inside its own frame."""

from __future__ import annotations

import re
from typing import get_args
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from checker.ladder.layout import Picture, Style, arrange
from checker.ladder.svg import CHAR, LINE, draw, part
from checker.timeline import Event

SVG = "{http://www.w3.org/2000/svg}"
ROUNDING = 1.0
STYLES = get_args(Style)
PROGRAM = "your program"
EVENTS = [
    Event(0.001, "the lab", "starts ./program 'a & b' < file"),
    Event(0.002, PROGRAM, "accept(3)", "call", 0.004, "= 4 from 127.0.0.1:40000"),
    Event(0.003, "client 1", "connects to port 58001"),
    Event(0.005, PROGRAM, "read(4, 128)", "call", 0.005, '= 12 "<b>&amp;</b>"'),
    Event(0.006, f"{PROGRAM}, child 1", "recv(4, 128)", "call", mark="blocked"),
    Event(0.3, PROGRAM, "write(4, 12)", "call", 0.3, "= EINTR", mark="injected"),
    Event(0.4, "client 1", "waits for 12 bytes, " + "x" * 200, mark="failed"),
]
PICTURES = [
    arrange(EVENTS),
    arrange(EVENTS, columns=120),
    arrange(EVENTS[:1]),
    arrange([]),
    arrange([Event(0.0, f"client {number}", "x" * 50) for number in range(9)]),
]

every_picture = pytest.mark.parametrize("picture", PICTURES)


def drawn(picture: Picture, title: str = "a ladder") -> Element:
    return ElementTree.fromstring(draw(picture, title))


def texts(root: Element) -> list[str]:
    return [text.text or "" for text in root.iter(f"{SVG}text")]


def number(element: Element, name: str) -> float:
    return float(element.attrib[name])


def of_class(root: Element, tag: str, *names: str) -> list[Element]:
    return [found for found in root.iter(f"{SVG}{tag}") if found.attrib["class"] in names]


def test_it_has_a_title_that_its_frame_names() -> None:
    root = drawn(arrange(EVENTS), "10-tcp-server: reads <all> & writes")
    [title] = root.findall(f"{SVG}title")
    assert title.text == "10-tcp-server: reads <all> & writes"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-labelledby"] == title.attrib["id"]


@every_picture
def test_every_lane_and_every_row_with_its_time_is_there(picture: Picture) -> None:
    rows = [[row.time, row.text] if row.time else [row.text] for row in picture.rows]
    assert texts(drawn(picture)) == [*picture.lanes, *(text for row in rows for text in row)]


def test_what_a_program_was_given_is_no_markup() -> None:
    root = drawn(arrange(EVENTS))
    assert "the lab starts ./program 'a & b' < file" in texts(root)
    assert 'read(4, 128) = 12 "<b>&amp;</b>"' in texts(root)
    assert root.findall(f".//{SVG}b") == []


def test_blanks_in_a_payload_are_kept() -> None:
    events = [Event(0.0, PROGRAM, "read(4, 9)", "call", 0.0, '= 5 "a   b"')]
    assert 'read(4, 9) = 5 "a   b"' in texts(drawn(arrange(events)))
    assert "white-space:pre" in draw(arrange(events), "")


def test_each_row_has_the_class_of_its_style() -> None:
    picture = arrange(EVENTS)
    assert {row.style for row in picture.rows} == set(STYLES)
    found = [text.attrib["class"] for text in of_class(drawn(picture), "text", *STYLES)]
    assert found == [row.style for row in picture.rows]


@every_picture
def test_every_class_has_its_colours(picture: Picture) -> None:
    document = draw(picture, "")
    light, dark = document.split("@media(prefers-color-scheme:dark)")
    for name in set(re.findall(r'class="(\w+)"', document)) - {"step", "head"}:
        assert re.search(rf"\.{name}\b", light.partition("<style>")[2]), name
        assert re.search(rf"\.{name}\b", dark.partition("</style>")[0]), name


@every_picture
def test_nothing_is_outside_its_frame(picture: Picture) -> None:
    root = drawn(picture)
    left, top, width, height = (float(size) for size in root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    assert (number(root, "width"), number(root, "height")) == (width, height)
    for text in root.iter(f"{SVG}text"):
        size, x = len(text.text or "") * CHAR, number(text, "x")
        start = x - size if text.attrib["text-anchor"] == "end" else x
        assert start >= -ROUNDING
        assert start + size <= width + ROUNDING
        assert LINE / 2 <= number(text, "y") <= height
    for path in root.iter(f"{SVG}path"):
        x, y, end = (float(value) for value in re.findall(r"[\d.]+", path.attrib["d"]))
        assert 0 <= x <= width
        assert 0 <= y <= end <= height


def test_rows_stand_below_each_other_and_a_time_beside_its_text() -> None:
    root = drawn(arrange(EVENTS))
    heads = [number(text, "y") for text in of_class(root, "text", "head")]
    rows = [number(text, "y") for text in of_class(root, "text", *STYLES)]
    times = [number(text, "y") for text in of_class(root, "text", "time")]
    assert set(heads) == {rows[0] - LINE}
    assert rows == [rows[0] + LINE * row for row in range(len(rows))]
    assert times == [y for y, row in zip(rows, arrange(EVENTS).rows, strict=True) if row.time]


def test_a_lane_that_waits_is_marked_in_each_row_that_it_waits() -> None:
    picture = arrange(EVENTS)
    waiting = of_class(drawn(picture), "path", "waiting")
    assert len(waiting) == sum(len(row.waiting) for row in picture.rows) > 0


def test_each_lane_has_its_line() -> None:
    picture = arrange(EVENTS)
    assert len(of_class(drawn(picture), "path", "lane")) == len(picture.lanes) == 3


def test_as_a_part_of_a_page_it_has_a_name_of_its_own_and_no_style() -> None:
    root = ElementTree.fromstring(part(arrange(EVENTS), "reads <all>", "ladder-7"))
    [title] = root.findall(f"{SVG}title")
    assert (title.text, title.attrib["id"]) == ("reads <all>", "ladder-7")
    assert root.attrib["aria-labelledby"] == "ladder-7"
    assert root.findall(f"{SVG}style") == []
    assert texts(root) == texts(drawn(arrange(EVENTS)))
