"""Experiments over the screen: which one, what will happen, what has happened."""

from __future__ import annotations

import threading
from typing import ClassVar

from rich.markdown import Markdown
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from checker import experiments
from checker.catalog import Task
from checker.experiments import record, show
from checker.experiments.model import (
    Experiment,
    Observation,
    UnclearError,
    UnusablePrediction,
)
from checker.failure import CheckerError
from checker.walkthrough.keys import READS_ON, KeyLine
from checker.walkthrough.rows import Rows
from checker.workspace import Workspace

CLOSES = ("Esc", "closes", "screen.leave")


class Choosing(ModalScreen[Experiment | None]):
    """All experiments; the highlight is on the task's first that has not been tried."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,e", "leave", "close", show=False)]

    def __init__(self, place: Workspace, task: Task) -> None:
        super().__init__()
        self._every = experiments.all()
        self._notes = record.notes(place)
        self._first = min(
            self._every, key=lambda each: (each.task != task, each.slug in self._notes)
        )

    def compose(self) -> ComposeResult:
        rows = [Option(self._row(each), id=each.slug) for each in self._every]
        with Vertical(classes="dialog"):
            yield Static(Text("What will happen? Predict it, then see.\n", "name"))
            yield Rows(*rows, id="experiments")
            yield KeyLine(("Enter", "tries it", "screen.try"), CLOSES)

    def on_mount(self) -> None:
        rows = self.query_one(Rows)
        rows.highlighted = rows.get_option_index(self._first.slug)

    def _row(self, each: Experiment) -> Text:
        note = self._notes.get(each.slug)
        row = Text.assemble(show.mark(note), f" {each.number:>2}  {each.title}")
        return row.append(f"  task {each.task.number}", "label")

    @on(OptionList.OptionSelected, "#experiments")
    def action_try(self) -> None:
        option = self.query_one(Rows).highlighted_option
        self.dismiss(
            next((each for each in self._every if option and each.slug == option.id), None)
        )

    def action_leave(self) -> None:
        self.dismiss(None)


class Seen(Message):
    """The run is over: what was seen, or why nothing was."""

    def __init__(self, outcome: Observation | str) -> None:
        super().__init__()
        self.outcome = outcome


class Trying(ModalScreen[None]):
    """One experiment: the question and its answers; then, in their place, what was seen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "close", show=False)]

    def __init__(self, place: Workspace, experiment: Experiment) -> None:
        super().__init__()
        self._place = place
        self._experiment = experiment

    def compose(self) -> ComposeResult:
        each = self._experiment
        with Vertical(classes="dialog"):
            with VerticalScroll(can_focus=False):
                yield Static(Text(f"Experiment {each.number} · {each.title}\n", "name"))
                yield Static(Markdown(each.question), id="question")
                if each.choices:
                    answers = enumerate(each.choices.items(), start=1)
                    yield Rows(
                        *(
                            Option(Text(f"{n}  {text.replace('`', '')}"), id=name)
                            for n, (name, text) in answers
                        ),
                        id="answers",
                    )
                else:
                    yield Input(placeholder=f"how many {each.prose.number_of}?", compact=True)
                yield Static(id="seen")
            yield KeyLine(("Enter", "answers", "screen.answer"), CLOSES)

    def on_mount(self) -> None:
        answers = self.query_one("Rows, Input")
        answers.focus()

    def on_key(self, event: object) -> None:
        """A number answers too."""
        key = getattr(event, "character", None) or ""
        if self._experiment.choices and key.isdecimal() and key.isascii():
            self._predict(key)

    def action_answer(self) -> None:
        """The one that is highlighted, or the number that was typed."""
        if self._experiment.choices:
            option = self.query_one(Rows).highlighted_option
            self._predict(str(option.id) if option else "")
        else:
            self._predict(self.query_one(Input).value)

    @on(OptionList.OptionSelected, "#answers")
    @on(Input.Submitted)
    def _answered(self) -> None:
        self.action_answer()

    def _predict(self, typed: str) -> None:
        answers = self.query_one("Rows, Input")
        if answers.disabled:
            return
        try:
            prediction = self._experiment.read(typed)
        except UnusablePrediction as error:
            self.query_one("#seen", Static).update(Text(f"\nPlease {error}."))
            return
        answers.disabled = True
        self.query_one("#seen", Static).update(Text("\nBuilding and running it …"))
        # It shall hold up nobody who leaves meanwhile: the processes that it began end with ours.
        threading.Thread(
            target=self._run, args=(prediction,), name="experiment", daemon=True
        ).start()

    def _run(self, prediction: str) -> None:
        try:
            self.post_message(Seen(self._experiment.run(self._place, prediction)))
        except (UnclearError, CheckerError, OSError) as error:
            self.post_message(Seen(str(error)))

    @on(Seen)
    def _show(self, message: Seen) -> None:
        seen = self.query_one("#seen", Static)
        if isinstance(message.outcome, str):
            seen.update(Text.assemble((f"\n{message.outcome}", "failed")))
            self.query_one("Rows, Input").disabled = False
            return
        self.query_one("Rows, Input").display = False
        scroll = self.query_one(VerticalScroll)
        width = scroll.size.width - 2  # of which its scroll bar takes one
        seen.update(show.observation(self._experiment, message.outcome, width))
        scroll.can_focus = True
        scroll.focus()
        self.query_one(KeyLine).tell(READS_ON, CLOSES)

    def action_read_on(self) -> None:
        self.query_one(VerticalScroll).scroll_page_down()

    def action_leave(self) -> None:
        self.dismiss(None)
