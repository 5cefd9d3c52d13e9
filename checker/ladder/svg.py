"""A ladder as an SVG: its text stays text; light and dark as the reader prefers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from checker.ladder.layout import TIME_WIDTH, Picture

CHAR, LINE, MARGIN = 7.3, 18, 12
"""Width of a character and height of a line of 12-pixel monospaced text, and the margin, in px."""

CSS = """
:root{color-scheme:light dark}
.paper{fill:#ffffff}.step,.head{fill:#1b1f24}.call{fill:#0b5cad}.wait{fill:#8a5a00}
.fault{fill:#8a1fa0}.failed{fill:#b3261e;font-weight:bold}.gap,.time{fill:#5c6670}
.lane{stroke:#c9d1d9}.head{font-weight:bold}
text{font:12px ui-monospace,Menlo,Consolas,monospace;white-space:pre}
@media(prefers-color-scheme:dark){.paper{fill:#12161c}.step,.head{fill:#e6edf3}
.call{fill:#7ab8ff}.wait{fill:#e3b341}.fault{fill:#e08bff}.failed{fill:#ff8b80}
.gap,.time{fill:#9aa5b1}.lane{stroke:#30363d}}
""".strip().replace("\n", "")


def draw(picture: Picture, title: str) -> str:
    """The whole document; `title` is what a screen reader says of it."""
    step = (picture.lane_width + 1) * CHAR
    left = MARGIN + TIME_WIDTH * CHAR + CHAR
    width = left + step * len(picture.lanes) + MARGIN
    height = 2 * MARGIN + LINE * (len(picture.rows) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" '
        f'viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
        f'<title id="title">{escape(title)}</title><style>{CSS}</style>',
        f'<rect class="paper" width="{width:.0f}" height="{height}"/>',
    ]
    for index, name in enumerate(picture.lanes):
        x = left + index * step
        parts.append(_line(x - CHAR / 2, MARGIN, height - MARGIN))
        parts.append(_text(x, MARGIN + LINE - 5, "head", name[: picture.lane_width]))
    for number, row in enumerate(picture.rows, start=2):
        y = MARGIN + LINE * number - 5
        parts.append(_text(MARGIN, y, "time", row.time))
        for lane, cell in enumerate(row.cells):
            if cell:
                style = row.style if lane == row.lane else "wait"
                parts.append(_text(left + lane * step, y, style, cell))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float, y: float, style: str, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{style}">{escape(text)}</text>' if text else ""


def _line(x: float, top: float, bottom: float) -> str:
    return f'<path class="lane" d="M{x:.1f} {top}V{bottom}"/>'
