"""`{failure} one-read`: what the check that catches this mutant tells a student.
`{failure} one-read half_close`: what another check tells.
`{ladder} solution half_close`: the picture of a check of that program."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, ClassVar

import msgspec
from docutils import nodes
from docutils.parsers.rst import directives
from rich.console import Console

from checker import ladder
from checker.check import check_of
from checker.guide import studio
from checker.guide.directives.folding import folding
from checker.guide.directives.page import BadPageError, GuideDirective
from checker.guide.recording import Wanted, digest
from checker.guide.variants import OWN, Variant, has_solutions
from checker.reports import verdict
from checker.reports.console import THEME, WIDTH
from checker.results import CheckResult

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from checker.catalog import Task

SVG_COLUMNS = 88


class ladder_picture(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """`svg`: the document; `title`: what it shows; `kernel`: that it was recorded on."""


class _JudgedDirective(GuideDirective):
    """Its arguments: which program, and which check of it."""

    required_arguments = 1
    optional_arguments = 1

    def judged(self) -> tuple[Variant, CheckResult, str] | None:
        """The program, what its check came to, and the kernel."""
        variant = self.variant(self.arguments[0])
        if len(self.arguments) > 1:
            name = self.arguments[1]
        elif variant.name in OWN:
            raise BadPageError("needs the name of a check")
        else:
            name = variant.caught_by() if has_solutions() else self._recorded(variant)
        if name not in variant.task.check_names():
            raise BadPageError(f"{variant.task.slug} has no check “{name}”")
        wanted = Wanted(
            self.kept(f"{variant.name}.{name}"),
            _made_from(variant, name) if has_solutions() else "",
            lambda: studio.check(variant, name),
        )
        recorded = self.recording(wanted)
        if recorded is None:
            return None
        result = msgspec.json.decode(recorded.text, type=CheckResult)
        return variant, result, recorded.kernel

    def _recorded(self, variant: Variant) -> str:
        """The check that this page shows of a mutant, whose patch this copy does not have."""
        for file in self.kept("").parent.glob(f"{variant.name}.*.txt"):
            return file.stem.partition(".")[2]
        raise BadPageError("there is no recording")


class FailureDirective(_JudgedDirective):
    """The verdict's words, without the picture."""

    has_content = False

    def make(self) -> list[nodes.Node]:
        found = self.judged()
        if found is None:
            return []
        variant, result, kernel = found
        if result.outcome != "failed":
            raise BadPageError(f"the check {result.id} has {result.outcome}: there is no failure")
        text = _said(result, variant.task)
        block = nodes.literal_block(text, text, language="text", classes=["verdict"])
        return [block, nodes.paragraph("", f"Seen on {kernel}.", classes=["seen"])]


class LadderDirective(_JudgedDirective):
    """The content says in a sentence what there is to see. `last`: so many rows of its end."""

    option_spec: ClassVar = {"last": directives.positive_int}

    def make(self) -> list[nodes.Node]:
        found = self.judged()
        if found is None:
            return []
        variant, result, kernel = found
        title = " ".join(self.content)
        if not title:
            raise BadPageError("needs a sentence that says what it shows")
        last = self.options.get("last")
        drawn = ladder.svg.draw(ladder.layout.arrange(result.timeline, SVG_COLUMNS, last), title)
        text = ladder.text.draw(ladder.layout.arrange(result.timeline, WIDTH, last)).plain
        words = folding("", nodes.literal_block(text, text, language="text"), summary="As text")
        name = f"{self.page}.{variant.name}.{result.id}-{self.env.new_serialno('ladder')}"
        return [ladder_picture("", words, svg=drawn, title=title, kernel=kernel, name=name)]


def _made_from(variant: Variant, name: str) -> str:
    """Of the program and the check, and of what checks share."""
    module = importlib.import_module(f"checker.checks.{variant.task.checks.stem}")
    function = getattr(module, f"test_{name}")
    shared = {
        Path(other.__file__)
        for other in map(inspect.getmodule, vars(module).values())
        if isinstance(other, ModuleType) and _is_shared(other) and other.__file__
    }
    return digest(
        [*variant.files(), inspect.getsource(function), str(check_of(function)), *sorted(shared)]
    )


def _is_shared(module: ModuleType) -> bool:
    return module.__name__.startswith("checker.checks.") and ".test_" not in module.__name__


def _said(result: CheckResult, task: Task) -> str:
    out = Console(theme=THEME, width=WIDTH, highlight=False, emoji=False, no_color=True)
    with out.capture() as captured:
        out.print(verdict.failure(msgspec.structs.replace(result, timeline=[]), task))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def visit_ladder(translator: HTML5Translator, node: ladder_picture) -> None:
    """A file of its own, whose style sheet then holds for nothing else; wide pictures scroll."""
    builder = translator.builder
    file = Path(builder.outdir, builder.imagedir, f"{node['name']}.svg")
    file.parent.mkdir(exist_ok=True)
    file.write_text(node["svg"])
    title = translator.attval(node["title"])
    translator.body.append(
        f'<figure class="ladder"><div class="scrolls" tabindex="0" role="group" '
        f'aria-label="A ladder, maybe wider than the page">'
        f'<img src="{builder.imgpath}/{file.name}" alt="{title}"></div>'
        f"<figcaption>{translator.encode(node['title'])} Seen on {node['kernel']}.</figcaption>"
    )


def depart_ladder(translator: HTML5Translator, node: ladder_picture) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append("</figure>\n")
