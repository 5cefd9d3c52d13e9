"""A ladder as an SVG: its text stays text; light and dark as the reader prefers."""

from __future__ import annotations

from html import escape

from checker.ladder.layout import TIME_WIDTH, Picture

CHAR, LINE, MARGIN = 7.3, 18, 12
"""Width of a character and height of a line of 12-pixel monospaced text, and the margin, in px."""

CSS = """
:root{color-scheme:light dark}
.paper{fill:#ffffff}.step,.head{fill:#1b1f24}.call{fill:#0b5cad}.wait{fill:#8a5a00}
.fault{fill:#8a1fa0}.failed{fill:#b3261e;font-weight:bold}.lab,.gap,.time{fill:#5c6670}
.lane{stroke:#c9d1d9}.waiting{stroke:#8a5a00;stroke-width:3}.head{font-weight:bold}
text{font:12px ui-monospace,Menlo,Consolas,monospace;white-space:pre;
paint-order:stroke;stroke:#ffffff;stroke-width:4px}
@media(prefers-color-scheme:dark){.paper{fill:#12161c}.step,.head{fill:#e6edf3}
.call{fill:#7ab8ff}.wait{fill:#e3b341}.fault{fill:#e08bff}.failed{fill:#ff8b80}
.lab,.gap,.time{fill:#9aa5b1}.lane{stroke:#30363d}.waiting{stroke:#e3b341}text{stroke:#12161c}}
""".strip().replace("\n", "")


def draw(picture: Picture, title: str) -> str:
    """The whole document; `title` is what a screen reader says of it."""
    return _svg(picture, title, "title", f"<style>{CSS}</style>")


def part(picture: Picture, title: str, name: str) -> str:
    """A part of an HTML page, whose style sheet has the colours; no other part has that `name`."""
    return _svg(picture, title, name, "")


def _svg(picture: Picture, title: str, name: str, style: str) -> str:
    step = picture.column * CHAR
    left = MARGIN + (TIME_WIDTH + 1) * CHAR
    reach = max((row.lane * picture.column + len(row.text) for row in picture.rows), default=0)
    width = left + max(reach, len(picture.lanes) * picture.column) * CHAR + MARGIN
    height = 2 * MARGIN + LINE * (len(picture.rows) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}" '
        f'viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" height="{height}">',
        f'<title id="{name}">{escape(title)}</title>{style}',
        f'<rect class="paper" width="{width:.0f}" height="{height}"/>',
    ]
    for lane, name in enumerate(picture.lanes):
        x = left + lane * step
        parts.append(_line("lane", x - CHAR / 2, MARGIN + LINE, height - MARGIN))
        parts.append(_text(x, MARGIN + LINE - 5, "head", name))
    for number, row in enumerate(picture.rows, start=1):
        top = MARGIN + LINE * number
        base = top + LINE - 5
        for lane in row.waiting:
            parts.append(_line("waiting", left + lane * step - CHAR / 2, top, top + LINE))
        parts.append(_text(MARGIN + TIME_WIDTH * CHAR, base, "time", row.time, anchor="end"))
        parts.append(_text(left + row.lane * step, base, row.style, row.text))
    return "\n".join([part for part in parts if part] + ["</svg>"]) + "\n"


def _text(x: float, y: float, style: str, text: str, anchor: str = "start") -> str:
    if not text:
        return ""
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {where} class="{style}">{escape(text)}</text>'


def _line(style: str, x: float, top: float, bottom: float) -> str:
    return f'<path class="{style}" d="M{x:.1f} {top}V{bottom}"/>'
