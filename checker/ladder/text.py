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
    heads = "".join(f"{name:<{picture.column}}" for name in picture.lanes)
    lines = [Text.assemble((" " * (TIME_WIDTH + 1) + heads.rstrip(), "name"))]
    lines += [_line(row, picture) for row in picture.rows]
    return Text("\n", no_wrap=True).join(lines)


def _line(row: Row, picture: Picture) -> Text:
    line = Text(f"{row.time:>{TIME_WIDTH}} ", style="label")
    start = len(line)
    cells = [(lane, "│", "skipped") for lane in row.waiting]
    for lane, text, style in sorted([*cells, (row.lane, row.text, STYLES[row.style])]):
        line.pad_right(start + lane * picture.column - len(line))
        line.append(text, style=f"not dim {style}")
    return line
