"""A small guide, made by Sphinx as the real one is."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

CONF = """
extensions = ["myst_parser", "checker.guide.extension"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
html_theme = "basic"
"""
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Book:
    """What Sphinx made of a guide. `warnings`: what it complained of; each fails `make guide`."""

    folder: Path
    warnings: list[str]

    def page(self, name: str) -> str:
        return (self.folder / "out" / f"{name}.html").read_text()

    def complaint(self) -> str:
        """The only one."""
        assert len(self.warnings) == 1, self.warnings
        return self.warnings[0]


def make(folder: Path, page: str, builder: str = "html", name: str = "10-tcp-server") -> Book:
    """A guide whose only chapter is `page`, of that name."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(CONF)
    (source / "index.md").write_text(f"# Guide\n\n```{{toctree}}\n{name}\n```\n")
    (source / f"{name}.md").write_text(f"# A chapter\n\n{page}\n")
    return build(source, folder, builder)


def build(source: Path, folder: Path, builder: str = "html") -> Book:
    """Of the guide in `source`; what is made is put into `folder`."""
    said = io.StringIO()
    with patch_docutils(), docutils_namespace():
        out, trees = folder / "out", folder / "doctrees"
        made = Sphinx(source, source, out, trees, builder, {}, None, said, freshenv=True)
        made.build()
    told = COLOUR.sub("", said.getvalue())
    return Book(folder, [line for line in told.splitlines() if line.strip()])
