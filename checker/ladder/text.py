"""A ladder for the terminal."""

from __future__ import annotations

from rich.text import Text

from checker.ladder.layout import TIME_WIDTH, Picture, Style

STYLES: dict[Style, str] = {
    "step": "",
    "call": "call",
    "wait": "skipped",
    "fault": "error",
    "failed": "failed",
    "gap": "label",
}


def draw(picture: Picture) -> Text:
    """One line per row; colour only adds to what the words say."""
    out = Text(no_wrap=True)
    heads = "".join(
        f" {name[: picture.lane_width]:<{picture.lane_width}}" for name in picture.lanes
    )
    out.append(f"{'':<{TIME_WIDTH}}{heads}".rstrip() + "\n", style="name")
    for row in picture.rows:
        out.append(f"{row.time:>{TIME_WIDTH}}", style="label")
        line = Text()
        for lane, cell in enumerate(row.cells):
            style = STYLES[row.style] if lane == row.lane else "skipped"
            line.append(" ")
            line.append(f"{cell:<{picture.lane_width}}", style=style)
        line.rstrip()
        out.append(line)
        out.append("\n")
    out.rstrip()
    return out
