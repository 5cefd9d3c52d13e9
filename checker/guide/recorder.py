"""The builder that makes the recordings which are not up to date: `make guide-transcripts`."""

from __future__ import annotations

from collections.abc import Set
from typing import ClassVar

from sphinx.builders.dummy import DummyBuilder

from checker.guide.directives.page import RECORDER
from checker.guide.recording import NoRecordingError, Wanted


class Recorder(DummyBuilder):
    """The pages tell what they show (`wanted`); nothing is written but recordings."""

    name = RECORDER
    epilog = "The recordings are up to date."
    wanted: ClassVar[list[Wanted]] = []

    def write_documents(self, docnames: Set[str]) -> None: ...

    def finish(self) -> None:
        for wanted in self.wanted:
            try:
                wanted.read()
            except NoRecordingError:
                print(f"recording {wanted.file.parent.name}/{wanted.file.name}", flush=True)
                wanted.renew()
