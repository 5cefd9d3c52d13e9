"""How a page is made from its template."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from checker.reports.pages import times
from checker.reports.pages.visible import line, visible
from checker.text import count
from checker.workspace import Put

TEMPLATES = Path(__file__).parent / "templates"


def write_page(put: Put, path: Path, template: str, depth: int, **values: object) -> None:
    """`depth`: how many folders it lies below the style sheet."""
    page = _environment().get_template(template).render(root="../" * depth, **values)
    put(path, page)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "count": count,
        "line": line,
        "moment": times.moment,
        "span": times.span,
        "thousands": lambda number: f"{number:,}",
        "quote": lambda name: quote(name, safe=""),
    }
    return environment


def _harmless(value: object) -> object:
    """Every text that a template prints comes this way."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
