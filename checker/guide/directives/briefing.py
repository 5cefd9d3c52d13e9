"""`{briefing}`: a task at a glance, from its task.toml: minutes, concepts and steps."""

from __future__ import annotations

from docutils import nodes

from checker import catalog
from checker.guide.directives.page import BadPageError, GuideDirective


class BriefingDirective(GuideDirective):
    """Of the page's task."""

    has_content = False

    def make(self) -> list[nodes.Node]:
        try:
            task = catalog.find(self.page)
        except catalog.UnknownTaskError as error:
            raise BadPageError(str(error)) from error
        command = nodes.literal("", f"./lab check {task.number}")
        glance = nodes.paragraph("", f"{task.file.minutes} minutes · ", classes=["glance"])
        glance += [nodes.Text(", ".join(task.file.concepts)), nodes.Text(" · "), command]
        steps = nodes.enumerated_list()
        steps += [nodes.list_item("", nodes.paragraph("", step)) for step in task.file.steps]
        return [glance, steps]
