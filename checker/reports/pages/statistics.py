"""Where a class struggles: counts over all its students."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass, field

from checker.grading.gradebook import CheckGrade, Gradebook, GradeOutcome, StudentGrade, TaskGrade
from checker.reports.pages.heat import percent, share
from checker.reports.pages.messages import normalised
from checker.results import Outcome

BINS = 10


@dataclass
class CheckCount:
    """A check, and how it ended for how many. `task`: its column of the gradebook."""

    task: TaskGrade
    check: CheckGrade
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    @property
    def judged(self) -> int:
        return self.outcomes["passed"] + self.outcomes["failed"]

    @property
    def failed(self) -> int:
        return self.outcomes["failed"]

    @property
    def share(self) -> float:
        """Of those for whom it could be made."""
        return self.failed / self.judged if self.judged else 0.0


@dataclass
class TaskCount:
    """A task: how it ended for how many, and its checks in their order."""

    task: TaskGrade
    outcomes: Counter[GradeOutcome]
    checks: list[CheckCount]


@dataclass
class MessageCount:
    """A reason, for how many checks of how many students it was given, and by which checks."""

    text: str
    times: int = 0
    students: set[str] = field(default_factory=set)
    checks: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Bin:
    """Students with `low` to `high` percent of the points."""

    low: int
    high: int
    students: int


def tasks(book: Gradebook) -> list[TaskCount]:
    """In the order of the gradebook. What checks a task has is told by those who handed it in."""
    return [_task([student.tasks[n] for student in book.students]) for n in range(len(book.tasks))]


def _task(grades: list[TaskGrade]) -> TaskCount:
    checks: dict[str, CheckCount] = {}
    for grade in grades:
        for check in grade.checks:
            known = checks.setdefault(check.id, CheckCount(grades[0], check))
            known.outcomes[check.outcome] += 1
    return TaskCount(grades[0], Counter(grade.outcome for grade in grades), list(checks.values()))


def outcomes(grade: TaskGrade, counted: TaskCount) -> list[Outcome | None]:
    """One student's, in the order of the counted checks; None where it was not made."""
    made = {check.id: check.outcome for check in grade.checks}
    return [made.get(one.check.id) for one in counted.checks]


def struggles(counted: list[TaskCount]) -> list[CheckCount]:
    """The checks that failed, those that fail most students first."""
    failed = [check for task in counted for check in task.checks if check.failed]
    return sorted(failed, key=lambda check: (-check.failed, -check.share))


def messages(book: Gradebook) -> list[MessageCount]:
    """What failures were told with, the most frequent first."""
    found: dict[str, MessageCount] = {}
    for student in book.students:
        for grade in student.tasks:
            for check in grade.checks:
                if check.outcome != "failed" or not check.message:
                    continue
                text = normalised(check.message)
                told = found.setdefault(text, MessageCount(text))
                told.times += 1
                told.students.add(student.student.id)
                told.checks[grade.task, check.id] += 1
    return sorted(found.values(), key=lambda told: (-len(told.students), -told.times))


def distribution(book: Gradebook) -> list[Bin]:
    """Of those who have points. All of the points belong to the last bin."""
    counted: Counter[int] = Counter()
    for student in book.students:
        if student.points is not None:
            reached = int(share(student.points, student.max_points) * BINS)
            counted[min(BINS - 1, reached)] += 1
    step = 100 // BINS
    tops = [step * (number + 1) - 1 for number in range(BINS - 1)] + [100]
    return [Bin(step * number, top, counted[number]) for number, top in enumerate(tops)]


def median(book: Gradebook) -> int | None:
    """Percent of the points; None where nobody has any."""
    reached = [
        percent(student.points, student.max_points)
        for student in book.students
        if student.points is not None
    ]
    return int(statistics.median(reached)) if reached else None


def handed_in(student: StudentGrade) -> bool:
    return bool(student.submission) or any(task.outcome != "missing" for task in student.tasks)
