"""`` {man}`recv(2)` ``: a manual page, which has to exist."""

from __future__ import annotations

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from checker.guide import manual

log = logging.getLogger(__name__)


class ManRole(SphinxRole):
    """A link to where the page can be read without the package that has it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            address = manual.address(self.text)
        except LookupError as error:
            log.warning("%s", error, location=self.get_location())
            return [], []
        text = nodes.literal("", self.text, classes=["man"])
        return [nodes.reference("", "", text, refuri=address, internal=False)], []
