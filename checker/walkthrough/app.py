"""The screen, and what each key does. It writes no file of a student's but in a reset, which keeps
a copy."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from contextlib import contextmanager

from textual import on, work
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.widgets import OptionList

from checker import catalog, editor, progress, run, workspace
from checker.catalog import Task
from checker.failure import CheckerError
from checker.progress import Standing
from checker.reports import lessons
from checker.reports.console import THEME
from checker.saved import Judge
from checker.source import UnusableSourceError, read_folder
from checker.walkthrough import keys, tasks, welcome
from checker.walkthrough.board import Board
from checker.walkthrough.checks import all_of
from checker.walkthrough.dialogs import Question, Reader
from checker.walkthrough.ends import undisturbed
from checker.walkthrough.view import TaskView
from checker.walkthrough.worker import Begun, Ended, News, Told, Warned, Worker
from checker.workspace import Workspace, WorkspaceError

GUIDE = (sys.executable, "-m", "checker", "guide")
ROWS_FOR_ALL = 36
"""Of a screen on which the brief and a verdict have room together."""


class Heard(Message):
    """What the worker has told."""

    def __init__(self, news: News) -> None:
        super().__init__()
        self.news = news


class Walkthrough(App[int]):
    """`judge` makes the verdicts; `trouble`: why no workspace could be made."""

    CSS_PATH = "style.tcss"
    BINDINGS = keys.BINDINGS
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-usual")]  # noqa: RUF012  # as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (ROWS_FOR_ALL, "-high")]  # noqa: RUF012  # here, too

    def __init__(self, place: Workspace, judge: Judge = run.run) -> None:
        uncoloured = "NO_COLOR" in os.environ
        super().__init__(ansi_color=True)
        if uncoloured:
            os.environ["NO_COLOR"] = "1"  # Textual takes it away from the editor too
        self.theme = "ansi-dark"  # which has the terminal's own colours, whatever they are
        self.console.push_theme(THEME)
        self._place = place
        self._boards = {task.slug: Board(task) for task in catalog.tasks()}
        self._shown = next(iter(self._boards.values()))
        self._standings: list[Standing] = []
        self.trouble: OSError | None = None
        self._worker = Worker(place, self._hear, judge)

    def _hear(self, news: News) -> None:
        self.post_message(Heard(news))

    def compose(self) -> ComposeResult:
        yield tasks.Progress()
        with Horizontal(id="middle"):
            yield tasks.TaskList()
            yield TaskView(self._place)
        yield keys.all_keys()

    async def on_mount(self) -> None:
        if self._place.is_started():
            self._begin()
        else:
            self.push_screen(welcome.page(self._place, catalog.tasks()), self._welcomed)

    async def on_unmount(self) -> None:
        await asyncio.to_thread(self._worker.end)

    def _welcomed(self, begins: bool | None) -> None:
        if not begins:
            self.exit(0)
            return
        try:
            self._place.start()
        except OSError as error:
            self.trouble = error
            self.exit()
        else:
            self._begin()

    def _begin(self) -> None:
        self._worker.start()
        self._standings = progress.standings(self._place)
        for standing in self._standings:
            self._recall(standing)
        self._show(progress.current_task(self._place) or self._shown.task)
        self.query_one(tasks.TaskList).focus()

    def _recall(self, standing: Standing) -> None:
        """The last verdict is shown as long as it is one on what is saved."""
        if standing.result is None:
            return
        try:
            source = read_folder(standing.task.slug, self._place.of(standing.task))
        except UnusableSourceError:
            return
        if source.sha256() == standing.result.source_sha256:
            self._boards[standing.task.slug].end(standing.result, "")

    # What is shown

    def _show(self, task: Task) -> None:
        self._shown = self._boards[task.slug]
        self.query_one(tasks.TaskList).show(task)
        self._tell()

    def _tell(self) -> None:
        self.query_one(tasks.Progress).tell(self._standings)
        self.query_one(tasks.TaskList).tell(self._standings, self._shown.task)
        self.query_one(TaskView).show(self._shown)

    @on(OptionList.OptionHighlighted, "#tasks")
    def _task_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option.id not in (None, self._shown.task.slug):
            self._shown = self._boards[str(event.option.id)]
            self._tell()

    @on(OptionList.OptionSelected, "#checks, #tasks")
    def _selected(self) -> None:
        row = self.query_one(TaskView).row
        if row and row.result:
            columns = self.size.width - 8
            self.push_screen(Reader(all_of(row, self._shown.task, columns)))

    # What the worker tells

    @on(Heard)
    def _heard(self, message: Heard) -> None:
        if not self.is_running:  # the screen is being taken down, or has been
            return
        match message.news:
            case Begun(task):
                self._boards[task.slug].begin()
                if task != self._shown.task:  # a save tells which one is meant
                    self._show(task)
            case Told(task, told):
                self._boards[task.slug].tell(told)
            case Ended(task, result, trouble):
                self._boards[task.slug].end(result, trouble)
                self._standings = progress.standings(self._place)
            case Warned(text):
                self.notify(text, severity="warning", markup=False)
                return
        if not isinstance(message.news, Told):
            self._tell()
        elif task == self._shown.task:
            self.query_one(TaskView).show(self._shown)

    # What the keys do

    def action_check(self) -> None:
        self._worker.check(self._shown.task)

    def action_brief(self) -> None:
        self.query_one(TaskView).toggle_brief()

    def action_next(self) -> None:
        every = catalog.tasks()
        after = every.index(self._shown.task) + 1
        there = every[after:] + every[:after]
        done = {standing.task.slug for standing in self._standings if standing.done}
        self._show(next((task for task in there if task.slug not in done), there[0]))

    def action_open(self) -> None:
        with self._troubles_told():
            command = editor.command(self._place, self._shown.task.slug)
            trouble: OSError | None = None
            with self.suspend(), undisturbed():  # which must end orderly, or the screen stays away
                try:
                    subprocess.run(command, check=False)
                except OSError as error:
                    trouble = error
            if trouble:
                raise trouble

    @work
    async def action_hint(self) -> None:
        more: bool | None = True
        while more:
            with self._troubles_told():
                hint = lessons.next_hint(self._place, self._shown.task.slug)
                more = await self.push_screen_wait(Reader(hint, ("h", "next hint")))

    @work
    async def action_experiment(self) -> None:
        from checker.walkthrough.experiments import Choosing, Trying

        with self._troubles_told():
            while chosen := await self.push_screen_wait(Choosing(self._place, self._shown.task)):
                await self.push_screen_wait(Trying(self._place, chosen))

    @work
    async def action_guide(self) -> None:
        """By the command, in a session of its own: a browser's chatter stays off this screen."""
        guide = await asyncio.create_subprocess_exec(
            *(*GUIDE, self._shown.task.number),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        assert guide.stdout and guide.stderr
        try:
            address = await guide.stdout.readline()
            said = address or await guide.stderr.read()
        finally:
            if guide.returncode is None:
                guide.terminate()
        severity: SeverityLevel = "information" if address else "error"
        self.notify(said.decode().strip(), severity=severity, timeout=20, markup=False)

    @work
    async def action_solution(self) -> None:
        task = self._shown.task
        if not progress.standing(self._place, task).done:
            question = f"{task.slug} is not done yet. See the solution all the same?"
            if not await self.push_screen_wait(Question(question)):
                return
        with self._troubles_told():
            self.push_screen(Reader(lessons.solution(self._place, task.slug, spoil=True)))

    @work
    async def action_reset(self) -> None:
        task = self._shown.task
        file = workspace.shown(self._place.program(task))
        question = f"Make {file} the skeleton again? What you wrote is kept beside it."
        if not await self.push_screen_wait(Question(question)):
            return
        with self._troubles_told():
            kept = self._place.reset(task)
            note = f"; yours is kept as {kept.name}" if kept else ""
            self.notify(f"{file} is the skeleton again{note}", markup=False)

    @contextmanager
    def _troubles_told(self) -> Iterator[None]:
        """What a command of the lab would say in one line and end, is said in one line."""
        try:
            yield
        except (WorkspaceError, CheckerError, OSError) as error:
            self.notify(str(error), severity="error", timeout=10, markup=False)
