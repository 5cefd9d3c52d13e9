"""`{question} ID`: predict first, then look.

The content: the question; choices, `- [ ]` wrong and `- [x]` right (or none, for a short answer);
a line `---`; the answer, which begins with the right choice. Without JavaScript it folds out; on
paper all answers are in an appendix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList

from checker.guide.directives.folding import folding
from checker.guide.directives.page import BadPageError, GuideDirective

if TYPE_CHECKING:
    from sphinx.writers.html5 import HTML5Translator

_CHOICE = re.compile(r"- \[([ x])\] (.*)")


class question(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """Its children: what is asked, the choices, and the folded answer."""


class choice(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """`right`: whether it is."""


class choices(nodes.General, nodes.Element):  # noqa: N801  # docutils' nodes are lower case
    """All choices of one question."""


class QuestionDirective(GuideDirective):
    """Its argument names it: the reader's answer is remembered under that name."""

    required_arguments = 1

    def make(self) -> list[nodes.Node]:
        lines = list(self.content)
        if "---" not in lines:
            raise BadPageError("needs a line `---` between the question and its answer")
        split = lines.index("---")
        asked = [line for line in lines[:split] if not _CHOICE.match(line)]
        offered = [found for line in lines[:split] if (found := _CHOICE.match(line))]
        if offered and sum(found[1] == "x" for found in offered) != 1:
            raise BadPageError("needs exactly one right choice, `- [x]`")
        name = f"question-{self.arguments[0]}"
        made = question("", ids=[name])
        self.state.document.note_explicit_target(made)
        made += self._parsed(asked)
        answer = self._parsed(lines[split + 1 :])
        if offered:
            made += choices("", *(self._choice(found) for found in offered))
            right = next(found[2] for found in offered if found[1] == "x")
            answer = [nodes.paragraph("", "", nodes.strong("", "", *self._line(right))), *answer]
        made += folding("", *answer, summary="The answer")
        return [made]

    def _choice(self, found: re.Match[str]) -> choice:
        return choice("", *self._line(found[2]), right=found[1] == "x")

    def _line(self, text: str) -> list[nodes.Node]:
        return [part for node in self._parsed([text]) for part in node.children]

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, self.env.docname), self.content_offset, container)
        return container.children


def visit_question(translator: HTML5Translator, node: question) -> None:
    translator.body.append(
        f'<div class="question" role="group" id="{node["ids"][0]}" aria-label="Question">'
    )
    translator.body.append('<p class="predict">Predict first</p>')


def depart_question(translator: HTML5Translator, node: question) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append("</div>\n")


def visit_choices(translator: HTML5Translator, node: choices) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append('<ul class="choices">')


def depart_choices(translator: HTML5Translator, node: choices) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append("</ul>\n")


def visit_choice(translator: HTML5Translator, node: choice) -> None:
    right = " data-right" if node["right"] else ""
    translator.body.append(f"<li{right}>")


def depart_choice(translator: HTML5Translator, node: choice) -> None:  # noqa: ARG001  # Sphinx's
    translator.body.append("</li>\n")
