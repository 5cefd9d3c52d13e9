"""`{experiment} N`: the question of an experiment, and what its run has shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils.statemachine import StringList

from checker import experiments
from checker.guide.directives.page import BadPageError
from checker.guide.directives.question import QuestionDirective

if TYPE_CHECKING:
    from docutils import nodes

    from checker.experiments.model import Experiment


class ExperimentDirective(QuestionDirective):
    """The words are those of `./lab experiment N`."""

    has_content = False

    def make(self) -> list[nodes.Node]:
        number = self.arguments[0]
        found = experiments.find(int(number)) if number.isdecimal() else None
        if found is None:
            raise BadPageError("no experiment has that number")
        self.arguments = [found.slug]
        self.content = StringList(_written(found).splitlines(), self.env.docname)
        return super().make()


def _written(experiment: Experiment) -> str:
    """As a chapter would write it."""
    prose = experiment.prose
    choices = [
        f"- [{'x' if name == prose.seen else ' '}] {text}" for name, text in prose.choices.items()
    ]
    answer = f"**{prose.answer:,} {prose.number_of}.**\n\n" if prose.answer is not None else ""
    explanation = prose.explanations[prose.seen]
    seen = (
        f"Seen with the reference solution on {prose.seen_on}. "
        f"`./lab experiment {experiment.number}` runs it on your own program, "
        "and says what that did."
    )
    return "\n".join([prose.question, *choices, "---", answer + explanation, seen])
