"""The words of an experiment, which the guide shows too."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

from checker.failure import CheckerError
from checker.sandbox import ROOT

FOLDER = ROOT / "lab-guide" / "experiments"


class Prose(msgspec.Struct, forbid_unknown_fields=True):
    """`task`: the slug of the task whose program is run. `choices`: name → answer; without them a
    whole `number_of` something is asked for. `explanations`: for each outcome that the run may
    have. `seen`: the outcome of the reference on the kernel `seen_on`, and `answer`: its number.
    All texts are Markdown."""

    title: str
    task: str
    question: str
    explanations: dict[str, str]
    seen: str
    seen_on: str
    choices: dict[str, str] = {}
    number_of: str = ""
    answer: int | None = None


def read(path: Path) -> Prose:
    """CheckerError names the file that is broken."""
    try:
        prose = msgspec.convert(tomllib.loads(path.read_text()), Prose)
    except ValueError as error:
        raise CheckerError(f"{path}: {error}") from error
    if bool(prose.choices) == bool(prose.number_of):
        raise CheckerError(f"{path}: either choices or number_of")
    return prose
