"""`{transcript} NAME`: terminals at which the content, a script, was typed.

:programs: 10-tcp-server 07-tcp-write-read/one-read    what is in their folder, as ./SLUG;
                                                       without it, a task's page has its solution
:workspace:    the shell of a student in a copy of Loopback, in whose workspace the programs are"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from checker.guide import script, studio
from checker.guide.directives.page import BadPageError, GuideDirective
from checker.guide.recording import Wanted, digest
from checker.guide.session import session
from checker.guide.variants import has_solutions

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

    from checker.guide.script import Line

CLASSES = {"$": "typed", "#": "typed", ">": "typed", "|": "appeared"}


class transcript(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """`lines`: of a recording; `kernel`: that it was made on."""


class TranscriptDirective(GuideDirective):
    """The content is the script (checker/guide/script.py)."""

    required_arguments = 1
    option_spec: ClassVar = {"programs": directives.unchanged, "workspace": directives.flag}

    def make(self) -> list[nodes.Node]:
        own = "solution" if self.is_task and "workspace" not in self.options else ""
        named = self.options.get("programs", own).split()
        programs = [self.variant(one) for one in named]
        try:
            typed = script.script("\n".join(self.content))
        except script.BrokenScriptError as error:
            raise BadPageError(str(error)) from error
        files = [file for program in programs for file in program.files()]
        record, shown = studio.transcript, list[str]()
        if "workspace" in self.options:  # verdicts have the checks' words, and name chapters
            files += [program.task.checks for program in programs]
            record = session
            shown = [p.task.slug for p in programs if p.task.slug in self.env.found_docs]
        made_from = digest([script.written(typed), *files, *shown]) if has_solutions() else ""
        wanted = Wanted(self.kept(self.arguments[0]), made_from, lambda: record(programs, typed))
        recorded = self.recording(wanted)
        if recorded is None:
            return []
        return [transcript("", lines=script.parse(recorded.text), kernel=recorded.kernel)]


def visit(translator: HTML5Translator, node: transcript) -> None:
    lines: list[Line] = node["lines"]
    several = len(script.terminals(lines)) > 1
    label = f"A terminal session, recorded on {node['kernel']}"
    translator.body.append(
        f'<figure class="transcript"><pre tabindex="0" role="group" aria-label="{label}">'
    )
    translator.body.append("\n".join(_shown(translator, line, several) for line in lines))
    translator.body.append(f"</pre><figcaption>Seen on {node['kernel']}.</figcaption></figure>\n")
    raise nodes.SkipNode


def _shown(translator: HTML5Translator, line: Line, several: bool) -> str:
    """The label of a terminal says who it is only where there are several."""
    label = f'<span class="terminal">{line.terminal:>7} </span>' if several else ""
    prompt = f'<span class="prompt">{line.kind} </span>' if line.is_command else ""
    text = translator.encode(line.text)
    return f'{label}{prompt}<span class="{CLASSES[line.kind]}">{text}</span>'
