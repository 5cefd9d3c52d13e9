"""Archives of strangers, read in memory: nothing is ever written by a name in them.

What an archive says about itself is a claim. No read is longer than what the gate still allows,
headers included, whatever sizes and counts are written in them."""

from __future__ import annotations

import io
from collections.abc import Iterator

from checker.grading.damage import Spend, UnreadableError
from checker.grading.entries import Entry
from checker.grading.tars import tar_entries
from checker.grading.zips import STUDENTS_DIRECTORY, zip_entries


def entries(packed: bytes, spend: Spend) -> Iterator[Entry]:
    """What the archive holds, in its order; each entry is read before the next is asked for.

    UnreadableError, also in the middle, when it is damaged or no archive that is known here."""
    if packed.startswith(b"PK"):
        return zip_entries(io.BytesIO(packed), STUDENTS_DIRECTORY, spend)
    if packed.startswith((b"7z\xbc\xaf\x27\x1c", b"Rar!")):
        raise UnreadableError("neither a zip nor a tar file")
    return tar_entries(packed, spend)
