"""Whole numbers on the command line, and what is said of what is none."""

from __future__ import annotations

from collections.abc import Callable

import typer


def at_least(least: int, most: int | None = None) -> Callable[[str], int]:
    """The parser of an option or an argument: a number from `least` on, or up to `most`."""

    def parsed(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least or (most is not None and number > most):
            wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
            raise typer.BadParameter(f"“{text}” is no whole number {wanted}")
        return number

    return parsed
