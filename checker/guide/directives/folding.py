"""A part of the page that is folded until the reader opens it; on paper it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator


class folding(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """`summary`: what it says while it is closed."""


def visit(translator: HTML5Translator, node: folding) -> None:
    opened = " open" if translator.builder.name == "singlehtml" else ""
    summary = translator.encode(node["summary"])
    translator.body.append(f'<details class="folding"{opened}><summary>{summary}</summary>')


def depart(translator: HTML5Translator, node: folding) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append("</details>\n")
