"""Which student a submission is of."""

from __future__ import annotations

from checker.grading import paths
from checker.grading.gradebook import Student
from checker.grading.lms import Owner
from checker.grading.manifest import Manifest
from checker.grading.roster import Roster
from checker.grading.trouble import Trouble
from checker.text import plain

LONGEST = 100


def student_of(
    owner: Owner, claim: Manifest, roster: Roster | None, trouble: Trouble
) -> tuple[Student, bool]:
    """The student, and whether the roster has them.

    The platform's word counts before the manifest, which a student can write as they like."""
    if roster is None:
        return _stranger(owner, claim), False
    claimed = [(kind, claim.id) for kind in ("id", "email", "login")]
    own = [(kind, owner.id) for kind in ("id", "email", "login")]
    by_name = [("name", owner.name), ("name", claim.name)]
    known = {
        "moodle": [("participant", owner.id), ("name", owner.name), *claimed, *by_name],
        "canvas": [("platform", owner.id), ("sorted", owner.name), *claimed, *by_name],
        "plain": [*claimed, *own, *by_name],
    }
    found = roster.find(*known[owner.system])
    if found is None:
        trouble.add("not on the roster")
        return _stranger(owner, claim), False
    named = [roster.find(*claimed), roster.find(*own) if owner.system == "plain" else None]
    for other in named:
        if other not in (None, found):
            trouble.add("its name and its manifest name two students", other.id)
    return found, True


def _stranger(owner: Owner, claim: Manifest) -> Student:
    if owner.system == "plain":
        return Student(
            id=_label(claim.id) or paths.readable(owner.id),
            name=_label(claim.name) or _label(owner.name),
        )
    return Student(id=paths.readable(owner.id), name=_label(owner.name))


def _label(text: str) -> str:
    return " ".join(plain(text).split())[:LONGEST]
