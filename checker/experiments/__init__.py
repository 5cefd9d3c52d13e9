"""Predict, observe, explain: a question that is answered by running it.

Each is a file of words, `lab-guide/experiments/NN-slug.toml`, and a scene, `eNN_slug.py` here."""

from __future__ import annotations

from checker.experiments import prose
from checker.experiments.model import Experiment


def all() -> list[Experiment]:
    """Every one, in order. CheckerError names a broken file."""
    return [Experiment(path.stem, prose.read(path)) for path in sorted(prose.FOLDER.glob("*.toml"))]


def find(number: int) -> Experiment | None:
    """The one of that number, if there is one."""
    return next((each for each in all() if each.number == number), None)
