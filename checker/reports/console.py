"""The terminal: at most 80 columns, colour only where it is wanted."""

from __future__ import annotations

import shutil
import sys
import textwrap

from rich.console import Console
from rich.theme import Theme

WIDTH = 80

THEME = Theme(
    {
        "passed": "green",
        "failed": "bold red",
        "skipped": "yellow",
        "error": "bold magenta",
        "star": "yellow",
        "label": "dim",
        "name": "bold",
        "call": "cyan",
    }
)


def console(stderr: bool = False) -> Console:
    """For standard output, or standard error. rich respects NO_COLOR and what is no terminal."""
    width = min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns)
    return Console(theme=THEME, width=width, highlight=False, emoji=False, stderr=stderr)


def complain(message: str) -> None:
    """One line on standard error; a terminal gets it folded."""
    line = f"lab: {message}"
    if sys.stderr.isatty():
        line = textwrap.fill(
            line,
            WIDTH,
            subsequent_indent="     ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    print(line, file=sys.stderr)
