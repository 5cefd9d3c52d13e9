"""`` {task}`7` ``: another task, as a link to its chapter once there is one."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from checker import catalog

log = logging.getLogger(__name__)


class TaskRole(SphinxRole):
    """Reads `task 7`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            task = catalog.find(self.text)
        except catalog.UnknownTaskError as error:
            log.warning("%s", error, location=self.get_location())
            return [], []
        words = nodes.inline("", f"task {int(task.number)}")
        if task.slug not in self.env.found_docs:
            return [words], []
        link = addnodes.pending_xref(
            "", words, refdomain="std", reftype="doc", reftarget=f"/{task.slug}", refexplicit=True
        )
        link["refdoc"] = self.env.docname
        link["refwarn"] = True
        return [link], []
