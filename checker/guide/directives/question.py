"""`{question} ID`: predict first, then look.

The content: the question; choices, `- [ ]` wrong and `- [x]` right (or none, for a short answer);
a line `---`; the answer. Without JavaScript the answer folds out; on paper all answers are in an
appendix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList

from checker.guide.directives.folding import folding
from checker.guide.directives.page import BadPageError, GuideDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

_CHOICE = re.compile(r"- \[([ x])\] (.*)")
APPENDIX = "Answers"


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
        made = question("", ids=[name], name=name)
        self.state.document.note_explicit_target(made)
        made += self._parsed(asked)
        if offered:
            made += choices("", *(self._choice(found) for found in offered))
        made += folding("", *self._parsed(lines[split + 1 :]), summary="The answer")
        return [made]

    def _choice(self, found: re.Match[str]) -> choice:
        parsed = self._parsed([found[2]])
        return choice(
            "", *(part for node in parsed for part in node.children), right=found[1] == "x"
        )

    def _parsed(self, lines: list[str]) -> list[nodes.Node]:
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, self.env.docname), self.content_offset, container)
        return container.children


def visit_question(translator: HTML5Translator, node: question) -> None:
    translator.body.append(f'<section class="question" id="{node["name"]}" aria-label="Question">')
    translator.body.append('<p class="predict">Predict first</p>')


def depart_question(translator: HTML5Translator, node: question) -> None:  # noqa: ARG001
    translator.body.append("</section>\n")


def visit_choices(translator: HTML5Translator, node: choices) -> None:  # noqa: ARG001
    translator.body.append('<ul class="choices">')


def depart_choices(translator: HTML5Translator, node: choices) -> None:  # noqa: ARG001
    translator.body.append("</ul>\n")


def visit_choice(translator: HTML5Translator, node: choice) -> None:
    right = " data-right" if node["right"] else ""
    translator.body.append(f"<li{right}>")


def depart_choice(translator: HTML5Translator, node: choice) -> None:  # noqa: ARG001
    translator.body.append("</li>\n")


def move_answers(app: Sphinx, document: nodes.document, _name: str) -> None:
    """On paper the answers stand in an appendix, numbered as their questions are."""
    if app.builder.name != "singlehtml":
        return
    appendix = nodes.section("", nodes.title("", APPENDIX), ids=["answers"], names=["answers"])
    for number, asked in enumerate(document.findall(question), start=1):
        asked["name"] += f"-{number}"  # an experiment's may stand in several chapters
        answer = asked.children[-1]
        asked.remove(answer)
        asked.insert(0, _link(f"Question {number}", f"answer-{number}"))
        appendix += nodes.container(
            "", _link(f"Answer {number}", asked["name"]), *answer.children, ids=[f"answer-{number}"]
        )
    if len(appendix) > 1:
        document += appendix


def _link(text: str, target: str) -> nodes.paragraph:
    link = nodes.reference("", text, internal=True, refid=target)
    return nodes.paragraph("", "", link, classes=["numbered"])
