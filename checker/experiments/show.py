"""Experiments at the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.table import Table
from rich.text import Text

from checker import ladder
from checker.text import plain

if TYPE_CHECKING:
    from checker.experiments.model import Experiment, Fact, Observation
    from checker.experiments.record import Note

LAST_ROWS = 60
"""Of a ladder, so many rows are shown: its end."""


def every(experiments: list[Experiment], notes: dict[str, Note]) -> RenderableType:
    """The list, with what was predicted and what came of it."""
    rows = Table.grid(padding=(0, 2))
    for each in experiments:
        note = notes.get(each.slug)
        rows.add_row(mark(note), f"{each.number:>2}", each.title, _state(note))
    done = sum(each.slug in notes for each in experiments)
    end = f"\n{done} of {len(experiments)} tried. ./lab experiment N runs one."
    return Group(rows, Text(end, style="label"))


def question(experiment: Experiment) -> RenderableType:
    title = Text(f"Experiment {experiment.number} · {experiment.title}\n", style="name")
    choices = enumerate(experiment.choices.values(), start=1)
    listed = "\n".join(f"{number}. {text}" for number, text in choices)
    return Group(title, Markdown(experiment.question), Text(), Markdown(listed), Text())


def observation(experiment: Experiment, seen: Observation, width: int) -> RenderableType:
    """`width`: characters of a line."""
    whose = f"Run on your {experiment.task.slug}."
    if seen.program != "yours":
        whose = f"Run on the reference solution: {seen.why_not_yours}."
    picture = ladder.layout.arrange(seen.evidence.timeline, width, LAST_ROWS)
    return Group(
        Text(f"\n{whose}\n", style="label"),
        ladder.text.draw(picture),
        Text("\nThe evidence", style="name"),
        _table(seen.evidence.facts),
        Text(),
        _comparison(experiment, seen),
        Text(),
        Markdown(seen.explanation),
    )


def _table(facts: dict[str, Fact]) -> Table:
    rows = Table.grid(padding=(0, 2))
    rows.add_column(style="label", ratio=2)
    rows.add_column(ratio=3)
    for name, value in facts.items():
        rows.add_row(name, Text(spelled(value)))
    return rows


def spelled(value: Fact) -> str:
    """A fact as people read it: seconds in milliseconds."""
    if isinstance(value, float):
        return f"{value * 1000:.3g} ms"
    return plain(value) if isinstance(value, str) else str(value)


def _comparison(experiment: Experiment, seen: Observation) -> RenderableType:
    rows = Table.grid(padding=(0, 2))
    rows.add_row("You predicted:", Markdown(_answer(experiment, seen.prediction)))
    if seen.right:
        return Group(rows, Text("✓ That is what happened.", style="passed"))
    rows.add_row("What happened:", Markdown(_answer(experiment, seen.outcome)))
    return Group(rows, Text("✗ Not as predicted: this is where one learns.", style="skipped"))


def _answer(experiment: Experiment, name: str) -> str:
    if not experiment.choices:
        return f"{int(name):,} {experiment.prose.number_of}"
    return experiment.choices.get(name, "None of the answers that were offered.")


def mark(note: Note | None) -> Text:
    """Not tried, as predicted, or otherwise."""
    if note is None:
        return Text("·", style="label")
    return Text("✓", style="passed") if note.right else Text("✗", style="skipped")


def _state(note: Note | None) -> Text:
    if note is None:
        return Text("not yet", style="label")
    told = "as predicted" if note.right else f"not {note.prediction}"
    return Text(f"{note.outcome} ({told})")
