"""Whose a file or folder is, by the names that learning platforms give in their exports.

Understood, mixed in one folder:

- Moodle: `Ana Sá_1234_assignsubmission_file_/…` or `…_file/…`, a folder per student, or
  `Ana Sá_1234_assignsubmission_file_work.zip`, a file. 1234 is the number of “Participant 1234”
  in Moodle's grading worksheet. A group's name or `Participant` may stand for the student's.
- Canvas: `saana_1234_5678_work.zip`, `saana_LATE_1234_5678_work.zip`: the student's sorted name,
  Canvas' number of the student and of the file; `anon_aB3dE` for the student when Canvas grades
  anonymously. `work-1.zip` is a second file `work.zip`.
- anything else: the student's id, or name, or email address: `ist199/`, `ist199.zip`,
  `loopback-ist199.tar.gz` as `lab submit` calls it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from checker.grading.paths import PACKED

System = Literal["moodle", "canvas", "plain"]

MOODLE = re.compile(r"(?P<name>[^_]+)(?:_(?P<id>\d+))?_assignsubmission_[a-z]+(?:_(?P<file>.*))?")
CANVAS = re.compile(
    r"(?:(?P<name>(?!LATE_)\w+?)_)?(?P<late>LATE_)?(?P<id>\d+|anon_\w{5})"
    r"_(?:\d+_(?P<file>.+)|text\.html|link\.html)"
)


@dataclass(frozen=True)
class Owner:
    """`id`: the platform's number of the student, or the name itself where there is none.
    `file`: the name that the student gave the file. `late`: the platform says so."""

    system: System
    id: str
    name: str
    file: str
    late: bool = False


def owner(name: str) -> Owner:
    """Of a file or folder of this name."""
    if found := MOODLE.fullmatch(name):
        title = "Participant " + found["id"] if _is_blind(found) else found["name"]
        return Owner("moodle", found["id"] or found["name"], title, found["file"] or "")
    if found := CANVAS.fullmatch(name):
        title = found["name"] or found["id"]
        return Owner("canvas", found["id"], title, found["file"] or "", bool(found["late"]))
    stem = _without_ending(name)
    return Owner("plain", stem, stem, name)


def _is_blind(found: re.Match[str]) -> bool:
    return found["id"] is not None and found["name"] == "Participant"


def _without_ending(name: str) -> str:
    stem = name.removeprefix("loopback-")
    while stem.casefold().endswith(PACKED):
        stem = stem.rpartition(".")[0]
    return stem or name


def is_export(path: str) -> bool:
    """Moodle's folders of several students, where one student's files should be."""
    return any(MOODLE.fullmatch(part) for part in path.split("/"))
