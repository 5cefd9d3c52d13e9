"""`lab experiment`: from a number to a prediction, an observation and an exit status."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import msgspec
import typer
from rich.text import Text

from checker import experiments, workspace
from checker.experiments import record, show
from checker.experiments.model import UnclearError, UnusablePrediction
from checker.reports.console import complain

if TYPE_CHECKING:
    from rich.console import Console

    from checker.experiments.model import Experiment, Observation


def experiment(number: int | None, predicted: str | None, json: bool, out: Console) -> int:
    """The exit status: 1 when nothing was shown."""
    place = workspace.started()
    if number is None and predicted is None and not json:
        out.print(show.every(experiments.all(), record.notes(place)))
        return 0
    try:
        chosen = _chosen(number)
        prediction = chosen.read(predicted) if predicted is not None else ""
        if json and not prediction:
            raise UnusablePrediction("--json asks nothing: add --predict")
        if not json:
            out.print(show.question(chosen))
        prediction = prediction or _asked(chosen)
        with _note(chosen, out, json):
            seen = chosen.run(place, prediction)
    except (UnusablePrediction, UnclearError) as error:
        complain(str(error))
        return 2 if isinstance(error, UnusablePrediction) else 1
    if json:
        print(_json(seen))
    else:
        out.print(show.observation(chosen, seen, out.width))
    return 0


def _chosen(number: int | None) -> Experiment:
    chosen = None if number is None else experiments.find(number)
    if chosen is None:
        which = "say which experiment" if number is None else f"there is no experiment {number}"
        raise UnusablePrediction(f"{which}: they are 1 to {experiments.all()[-1].number}")
    return chosen


def _asked(chosen: Experiment) -> str:
    """The prediction of whoever sits there, who is asked again until it is one."""
    what = f"1 to {len(chosen.choices)}" if chosen.choices else f"how many {chosen.prose.number_of}"
    while True:
        try:
            return chosen.read(typer.prompt(f"Your prediction ({what})"))
        except UnusablePrediction as error:
            print(f"Please {error}.")


def _note(chosen: Experiment, out: Console, json: bool) -> AbstractContextManager[object]:
    """What is happening, while it happens; nothing where the output is no terminal."""
    if json or not out.is_terminal:
        return nullcontext()
    return out.status(Text(f"building and running {chosen.task.slug}", style="label"))


def _json(seen: Observation) -> str:
    return msgspec.json.format(msgspec.json.encode(seen), indent=1).decode()
