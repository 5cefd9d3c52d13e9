"""Sphinx gives the captions of a table of contents the role of a heading, but no level, which
WAI-ARIA 1.2 demands."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

PLACES = ("body", "furo_navigation_tree")
LAST = 900
"""The priority of who comes after the theme."""


def give_levels(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """In what the template will be given."""
    for place in PLACES:
        if place in context:
            context[place] = context[place].replace(
                'role="heading"', 'role="heading" aria-level="2"'
            )
