"""`{region} echo`: the solution's code of a marked region, folded: it is a spoiler.

`{region} 12-fork-server/solution reap` shows another task's."""

from __future__ import annotations

from textwrap import dedent

from docutils import nodes

from checker import regions
from checker.guide import variants
from checker.guide.directives.folding import folding
from checker.guide.directives.page import BadPageError, GuideDirective

NO_SOLUTIONS = "This copy of Loopback comes without solutions."


class RegionDirective(GuideDirective):
    """Its arguments: whose, unless it is the page's own task, and the region's name."""

    required_arguments = 1
    optional_arguments = 1
    has_content = False

    def make(self) -> list[nodes.Node]:
        *whose, name = self.arguments
        variant = self.variant(whose[0] if whose else "solution")
        if not variants.has_solutions():
            return [nodes.paragraph("", NO_SOLUTIONS, classes=["without-solutions"])]
        region = _region(variant.task.solution.read_text(), name)
        code = dedent("\n".join(region.code))
        summary = f"Spoiler: step {region.number}, “{name}”, in the reference solution"
        return [folding("", nodes.literal_block(code, code, language="cpp"), summary=summary)]


def _region(source: str, name: str) -> regions.Region:
    found = [part for part in regions.parse(source) if isinstance(part, regions.Region)]
    for region in found:
        if region.name == name:
            return region
    known = ", ".join(region.name for region in found)
    raise BadPageError(f"the solution has no region “{name}”; it has {known}")
