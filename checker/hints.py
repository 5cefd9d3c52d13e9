"""A task's hints: the `## ` sections of its hints.md."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.catalog import Task


@dataclass(frozen=True)
class Hint:
    """`text` is Markdown."""

    title: str
    text: str


def hints(task: Task) -> list[Hint]:
    """In order, from a nudge to the shape of the code."""
    sections = re.split(r"^## ", task.hints.read_text(), flags=re.MULTILINE)[1:]
    return [Hint(title, text.strip()) for title, _, text in (s.partition("\n") for s in sections)]
