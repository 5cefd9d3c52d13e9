"""What an experiment is, and what comes of one."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from checker import catalog
from checker.run import SEEDS
from checker.timeline import Event

if TYPE_CHECKING:
    from checker.catalog import Task
    from checker.experiments.prose import Prose
    from checker.workspace import Workspace

SCHEMA = "loopback/experiment@1"

Whose = Literal["yours", "the reference"]
Fact = int | float | str
"""Whole numbers are counts, ports or bytes; others are seconds."""


class UnusablePrediction(Exception):
    """One line: what was predicted, or of which experiment, cannot be used, and what can."""


class UnclearError(Exception):
    """The program did not do what the scene needs, so that nothing was shown. One line."""


class Evidence(msgspec.Struct, frozen=True):
    """What a run has shown. `outcome`: the name of what came true; `answer`: the number, where one
    was asked for; `facts`: in the order in which they are to be read."""

    outcome: str
    facts: dict[str, Fact]
    answer: int | None = None
    timeline: list[Event] = []


class Observation(msgspec.Struct, frozen=True, kw_only=True):
    """One run, against what was predicted. `experiment`: its number; `program`: whose was run, and
    `why_not_yours`, if it was not; `prediction`: the name of a choice, or a number's digits."""

    schema: str = SCHEMA
    experiment: int
    title: str
    program: Whose
    why_not_yours: str = ""
    prediction: str
    outcome: str
    right: bool
    evidence: Evidence
    explanation: str
    seed: int


@dataclass(frozen=True)
class Experiment:
    """`slug` is `01-no-server`."""

    slug: str
    prose: Prose

    @property
    def number(self) -> int:
        return int(self.slug.split("-", 1)[0])

    @property
    def title(self) -> str:
        return self.prose.title

    @property
    def question(self) -> str:
        return self.prose.question

    @property
    def choices(self) -> dict[str, str]:
        """Name → answer, in order; none where a number is asked for."""
        return self.prose.choices

    @property
    def task(self) -> Task:
        """The one whose program is run."""
        return catalog.find(self.prose.task)

    def read(self, typed: str) -> str:
        """The prediction that somebody has typed: a choice by its place (from 1) or its name, or
        a whole number. UnusablePrediction."""
        word = typed.strip()
        if not self.choices:
            number = re.fullmatch(r"(\d{1,9})\b\D*", word.replace(",", ""))
            if number is None:
                raise UnusablePrediction(f"answer with a number of {self.prose.number_of}")
            return str(int(number[1]))
        names = list(self.choices)
        if word.isdecimal() and 1 <= int(word) <= len(names):
            return names[int(word) - 1]
        if word in names:
            return word
        raise UnusablePrediction(f"answer with a number from 1 to {len(names)}")

    def run(self, workspace: Workspace, prediction: str) -> Observation:
        """Builds the student's program, or the reference, runs the scene, and records prediction
        and outcome. Ctrl-C ends what was begun. UnusablePrediction; UnclearError; CheckerError:
        no arena here, or the lab's own trouble; OSError: the record cannot be written."""
        from checker.experiments import casting, record, stage

        predicted = self.read(prediction)
        seed = secrets.randbelow(SEEDS)
        stage.prepare()
        cast = casting.cast(workspace, self.task)
        evidence = stage.observe(self, cast.binary, seed)
        observation = self.judge(evidence, predicted, cast.whose, cast.why_not_yours, seed)
        record.keep(workspace, self, observation)
        return observation

    def judge(
        self, evidence: Evidence, prediction: str, program: Whose, why_not_yours: str, seed: int
    ) -> Observation:
        """What was seen, against what was predicted."""
        saw = evidence.outcome if self.choices else str(evidence.answer)
        return Observation(
            experiment=self.number,
            title=self.title,
            program=program,
            why_not_yours=why_not_yours,
            prediction=prediction,
            outcome=saw,
            right=prediction == saw,
            evidence=evidence,
            explanation=self.prose.explanations[evidence.outcome],
            seed=seed,
        )

    @property
    def scene(self) -> Path:
        """Its module."""
        return Path(__file__).with_name(f"e{self.slug.replace('-', '_')}.py")
