"""What programs did when they were run for the guide, kept in `lab-guide/transcripts/`.

A recording's first line tells what it was made from, so that a stale one is noticed, and the
kernel that it was made on. The rest is the recording."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

_HEAD = re.compile(r"made from ([0-9a-f]+) on (.*)")
RENEW = "make guide-transcripts"


class NoRecordingError(Exception):
    """There is none, or a stale one; says what renews it."""


@dataclass(frozen=True)
class Recording:
    """`kernel`: such as `Linux 6.1`."""

    kernel: str
    text: str


@dataclass(frozen=True)
class Wanted:
    """A recording that a page shows. `file`: where it is kept; `made_from`: the hash of what makes
    it, or nothing where this copy does not have that; `record`: makes it, in an arena."""

    file: Path
    made_from: str
    record: Callable[[], str]

    def read(self) -> Recording:
        """NoRecordingError: there is none that is up to date."""
        try:
            head, _, text = self.file.read_text().partition("\n")
        except OSError as error:
            raise NoRecordingError(f"not recorded yet: run `{RENEW}`") from error
        known = _HEAD.fullmatch(head)
        if known is None:
            raise NoRecordingError(f"is no recording: run `{RENEW}`")
        if self.made_from and known[1] != self.made_from:
            raise NoRecordingError(f"stale, what it shows has changed: run `{RENEW}`")
        return Recording(known[2], text)

    def renew(self) -> None:
        """Runs it, and keeps what came."""
        text = self.record()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(f"made from {self.made_from} on {kernel()}\n{text}")


def kernel() -> str:
    """The system and its version, as far as behaviour depends on it."""
    system = os.uname()
    return f"{system.sysname} {'.'.join(system.release.split('.')[:2])}"


def digest(parts: Iterable[str | Path]) -> str:
    """Of texts and of files' contents."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode()
        whole.update(f"{len(content)}\0".encode() + content)
    return whole.hexdigest()[:16]
