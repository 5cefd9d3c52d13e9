"""`lab grade`: from a folder of whatever students handed in to one submission per student.

Whose a submission is: the name that the learning platform gave it comes first, see `lms`; for
plain archives and folders the manifest of `lab submit`, and then their name.

When it was handed in: Moodle's worksheet, when that is the roster; else the manifest, which is the
student's word, but no later than the file's own time; else, for plain files, the file's time. In a
platform's export that is the time of the export, and not used.

Of several submissions of one student the newest counts; those that the platform named come before
those that only their manifest names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from msgspec.structs import replace as with_fields

from checker.grading import by_task, lms, manifest, moments, paths
from checker.grading.entries import Entry
from checker.grading.gate import Gate, Part
from checker.grading.handed_in import Submission
from checker.grading.lms import Owner
from checker.grading.manifest import Manifest
from checker.grading.roster import Roster, handed_in
from checker.grading.things import Thing, natural, things
from checker.grading.trouble import Trouble
from checker.grading.whose import student_of
from checker.source import Source


@dataclass(frozen=True)
class _Taken:
    submission: Submission
    trouble: Trouble
    on_roster: bool
    owner: Owner

    @property
    def whose(self) -> tuple[str, str]:
        """The same for all of one student's."""
        return ("roster" if self.on_roster else self.owner.system, self.submission.student.id)

    def age(self) -> tuple[bool, str, list[str | int]]:
        """A sort key: the one that counts comes last."""
        named = self.owner.system != "plain"
        return (named, self.submission.handed_in, natural(self.submission.name))


def take_in(submissions: Path, roster: Roster | None) -> list[Submission]:
    """One per student, by id, also for the students of the roster who handed in nothing.

    `submissions`: a folder, or a zip file with all in it. IntakeError when there is nothing that
    could be graded. What cannot be read of a submission is told in its `trouble`."""
    found: dict[tuple[str, str], list[_Taken]] = defaultdict(list)
    slugs = by_task.slugs()
    with things(submissions) as standing:
        for owner, own in _by_owner(standing):
            taken = _take(owner, own, roster, slugs)
            found[taken.whose].append(taken)
    missing = [
        Submission(student=student)
        for student in (roster.students if roster else [])
        if ("roster", student.id) not in found
    ]
    present = [_newest(found[whose]) for whose in sorted(found, key=_roster_first)]
    return sorted(_with_own_ids([*missing, *present]), key=lambda one: one.student.id)


def _roster_first(whose: tuple[str, str]) -> tuple[bool, str, str]:
    return (whose[0] != "roster", *whose)


def _by_owner(standing: list[Thing]) -> Iterator[tuple[Owner, list[Thing]]]:
    """A platform's export may have several files of one student; plain ones stand alone."""
    owned: dict[tuple[str, str], list[tuple[Owner, Thing]]] = defaultdict(list)
    for thing in standing:
        owner = lms.owner(thing.name)
        whose = thing.name if owner.system == "plain" else owner.id
        owned[owner.system, whose].append((owner, thing))
    for pairs in owned.values():
        late = any(owner.late for owner, _ in pairs)
        yield replace(pairs[0][0], late=late), [thing for _, thing in pairs]


def _take(owner: Owner, own: list[Thing], roster: Roster | None, slugs: dict[str, str]) -> _Taken:
    gate = Gate()
    gate.take(chain.from_iterable(_entries(thing) for thing in own))
    trouble = gate.trouble
    parts = sorted(gate.parts, key=lambda part: moments.of_text(manifest.of(part).packed))
    sources = _sources(parts, slugs, trouble)
    claims = [claim for part in reversed(parts) if (claim := manifest.of(part)) != manifest.NONE]
    claim = claims[0] if claims else manifest.NONE
    student, on_roster = student_of(owner, claim, roster, trouble)
    if not sources:
        trouble.add("no task's files in it")
    if owner.late:
        trouble.add("Canvas marks it late")
    rest = len(own) - 1
    submission = Submission(
        student=student,
        name=paths.shown(own[0].name) + (f" and {rest} more" if rest else ""),
        handed_in=handed_in(student) or _handed_in(owner, claim, parts),
        sources=sources,
    )
    return _Taken(submission, trouble, on_roster, owner)


def _entries(thing: Thing) -> Iterator[Entry]:
    """A file has the name that the student gave it."""
    file = lms.owner(thing.name).file if thing.is_file else ""
    for entry in thing.entries():
        yield replace(entry, name=file) if file else entry


def _sources(parts: list[Part], slugs: dict[str, str], trouble: Trouble) -> dict[str, Source]:
    """Of all parts, the newest last; where no manifest tells, a platform's later file is newer, and
    a loose one older than an archive."""
    found: dict[str, Source] = {}
    for part in parts:
        if any(lms.is_export(path) for path in part.files):
            trouble.add("it is a platform's export: grade it by itself", paths.shown(part.name))
            continue
        for slug, source in by_task.sources(part.files, slugs, trouble).items():
            if slug in found and found[slug] != source:
                trouble.add("in several archives, the newest counts", slug)
            found[slug] = source
    return dict(sorted(found.items()))


def _handed_in(owner: Owner, claim: Manifest, parts: list[Part]) -> str:
    changed = max((part.changed for part in parts if part.changed is not None), default=None)
    known = "" if changed is None else moments.of_seconds(changed)
    packed = moments.of_text(claim.packed)
    if packed:
        return min(packed, known or packed)
    return known if owner.system == "plain" else ""


def _newest(those: list[_Taken]) -> Submission:
    *older, newest = sorted(those, key=_Taken.age)
    for taken in older:
        newest.trouble.add("older, so it does not count", taken.submission.name)
    return with_fields(newest.submission, trouble=newest.trouble.line())


def _with_own_ids(submissions: list[Submission]) -> Iterator[Submission]:
    """Those of the roster come first, and keep theirs."""
    taken: set[str] = set()
    for one in submissions:
        own, number = one.student.id, 1
        while own in taken:
            number += 1
            own = f"{one.student.id}-{number}"
        taken.add(own)
        yield with_fields(one, student=with_fields(one.student, id=own))
