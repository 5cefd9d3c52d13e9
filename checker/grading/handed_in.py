"""What one student handed in, as it will be graded."""

from __future__ import annotations

import msgspec

from checker.grading.gradebook import Student
from checker.source import Source


class IntakeError(Exception):
    """One line: why these submissions, or this roster, cannot be read, and what to do."""


class Submission(msgspec.Struct, frozen=True, kw_only=True):
    """One student's, also when it cannot be read, and also when there is none.

    `name`: the archive or folder it came from; "" when a student of the roster handed in nothing.
    `handed_in`: ISO 8601 in UTC, or "" where nobody knows. `sources`: task slug → that task's
    files, by plain file names; a task that is not there is not in it. `trouble`: one line, "" when
    all is well: why it, or a part of it, could not be read, or what the instructor should know."""

    student: Student
    name: str = ""
    handed_in: str = ""
    sources: dict[str, Source] = {}
    trouble: str = ""
