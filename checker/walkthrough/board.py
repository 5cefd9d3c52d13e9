"""What is known of one task's checks: the last verdict, or those that are being made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from checker.catalog import Task
from checker.messages import Collected, Finished, Message, Started
from checker.results import CheckResult, Level, Outcome, Result

State = Literal["waiting", "running"] | Outcome


@dataclass
class Row:
    """One check; `result` is there once it is over."""

    id: str
    title: str
    level: Level
    state: State = "waiting"
    result: CheckResult | None = None


@dataclass
class Board:
    """`result` is the verdict, when there is one on what is saved; `trouble`: why there is none."""

    task: Task
    rows: dict[str, Row] = field(default_factory=dict)
    running: bool = False
    result: Result | None = None
    trouble: str = ""

    def begin(self) -> None:
        self.running, self.result, self.trouble = True, None, ""
        for row in self.rows.values():
            row.state, row.result = "waiting", None

    def tell(self, message: Message) -> None:
        match message:
            case Collected(checks):
                self.rows = {
                    id_: Row(id_, title, level)
                    for id_, title, level in (
                        (name.removeprefix("test_"), title, level) for name, title, level in checks
                    )
                }
            case Started(check):
                self.rows[check.removeprefix("test_")].state = "running"
            case Finished(result, _):
                self._finish(result)

    def end(self, result: Result | None, trouble: str) -> None:
        """Without a result, what has been seen so far is no verdict, and is forgotten."""
        self.begin()
        self.running, self.result, self.trouble = False, result, trouble
        for check in result.checks if result else []:
            self._finish(check)

    def in_order(self) -> list[Row]:
        """Core before craft, as a verdict has them."""
        return sorted(self.rows.values(), key=lambda row: row.level != "core")

    def over(self) -> int:
        """How many checks are over."""
        return sum(row.result is not None for row in self.rows.values())

    def first_missed(self) -> Row | None:
        """What a student should look at first."""
        wrong = [row for row in self.in_order() if row.state in ("failed", "error")]
        return min(wrong, key=lambda row: row.state != "error", default=None)

    def _finish(self, result: CheckResult) -> None:
        self.rows[result.id] = Row(result.id, result.title, result.level, result.outcome, result)
