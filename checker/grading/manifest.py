"""The manifest that `lab submit` puts into its archive: the student's own word."""

from __future__ import annotations

import msgspec

from checker.grading.gate import Part
from checker.grading.paths import MANIFEST
from checker.submission import SCHEMA


class Manifest(msgspec.Struct, frozen=True):
    """`packed`: ISO 8601, UTC."""

    schema: str = ""
    name: str = ""
    id: str = ""
    packed: str = ""


NONE = Manifest()


def of(part: Part) -> Manifest:
    """The one nearest to the top; NONE when there is none, or none that can be read."""
    found = sorted(
        (path.count("/"), path) for path in part.files if path.rpartition("/")[2] == MANIFEST
    )
    for _, path in found:
        try:
            manifest = msgspec.json.decode(part.files[path], type=Manifest)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            continue
        if manifest.schema == SCHEMA:
            return manifest
    return NONE
