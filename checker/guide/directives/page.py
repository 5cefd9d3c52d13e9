"""What all of the guide's directives share."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from checker import catalog
from checker.guide import variants
from checker.guide.recording import WANTED, NoRecordingError, Recording, Wanted
from checker.guide.variants import Variant

log = logging.getLogger(__name__)


class BadPageError(Exception):
    """What is wrong with a directive, in one sentence."""


class GuideDirective(SphinxDirective):
    """One whose `make` may raise what fails the build, with the place in the page."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            return self.make()
        except (BadPageError, NoRecordingError, variants.UnknownVariantError) as error:
            words = " ".join([self.name, *self.arguments[:1]])
            log.warning("%s: %s", words, error, location=self.get_location())
            return []

    def make(self) -> list[nodes.Node]:
        raise NotImplementedError

    @property
    def page(self) -> str:
        return self.env.docname

    @property
    def is_task(self) -> bool:
        return self.page in {task.slug for task in catalog.tasks()}

    def variant(self, wanted: str) -> Variant:
        """Of the page's task, unless it names another."""
        return variants.find(wanted, self.page)

    def kept(self, name: str) -> Path:
        """Where a recording of this page is kept."""
        return Path(self.env.srcdir, "transcripts", self.page, f"{name}.txt")

    def recording(self, wanted: Wanted) -> Recording | None:
        """None while recordings are made."""
        taken = self.env.events.emit(WANTED, wanted)
        return None if any(taken) else wanted.read()
