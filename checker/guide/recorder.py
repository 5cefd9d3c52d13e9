"""The builder that makes the recordings which are not up to date: `make guide-transcripts`."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.dummy import DummyBuilder
from sphinx.util import logging

from checker.failure import CheckerError
from checker.guide.recording import WANTED, NoRecordingError, Wanted

log = logging.getLogger(__name__)


class Recorder(DummyBuilder):
    """The pages tell what they show; nothing is written but recordings."""

    name = "recordings"
    epilog = "The recordings are up to date."

    def init(self) -> None:
        self._wanted: list[Wanted] = []
        self.events.connect(WANTED, self._take, priority=0)

    def _take(self, _app: Sphinx, wanted: Wanted) -> bool:
        """True: it is not to be shown."""
        self._wanted.append(wanted)
        return True

    def _record(self, wanted: Wanted) -> None:
        name = f"{wanted.file.parent.name}/{wanted.file.name}"
        print(f"recording {name}", flush=True)
        try:
            wanted.renew()
        except CheckerError as error:
            log.warning("%s: %s", name, error)

    def write_documents(self, docnames: Set[str]) -> None: ...

    def finish(self) -> None:
        for wanted in self._wanted:
            try:
                wanted.read()
            except NoRecordingError:
                self._record(wanted)
        shown = {wanted.file for wanted in self._wanted}
        for file in set(Path(self.srcdir, "transcripts").glob("*/*.txt")) - shown:
            print(f"removing {file.parent.name}/{file.name}, which no page shows", flush=True)
            file.unlink()
