"""A ladder for the terminal."""

from __future__ import annotations

from rich.text import Text

from checker.ladder.layout import TIME_WIDTH, Picture, Row, Style

STYLES: dict[Style, str] = {
    "step": "",
    "call": "call",
    "wait": "skipped",
    "fault": "error",
    "failed": "failed",
    "lab": "label",
    "gap": "label",
}


def draw(picture: Picture) -> Text:
    """One line per row; colour only adds to what the words say."""
    return Text("\n", no_wrap=True).join([heads(picture), *rows(picture)])


def heads(picture: Picture) -> Text:
    """The names of the lanes."""
    names = "".join(f"{name:<{picture.column}}" for name in picture.lanes)
    return Text((" " * (TIME_WIDTH + 1) + names).rstrip(), "name")


def rows(picture: Picture) -> list[Text]:
    return [_line(row, picture) for row in picture.rows]


def _line(row: Row, picture: Picture) -> Text:
    line = Text.assemble((f"{row.time:>{TIME_WIDTH}} ", "label"))
    start = len(line)
    cells = [(lane, "│", "skipped") for lane in row.waiting]
    for lane, text, style in sorted([*cells, (row.lane, row.text, STYLES[row.style])]):
        line.pad_right(start + lane * picture.column - len(line))
        line.append(text, style=style)
    return line
