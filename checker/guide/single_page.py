"""What changes when all chapters stand on one page, for paper: ids are told apart by chapter, and
the answers to all questions go into an appendix."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from checker.guide.directives.question import question

APPENDIX = "Answers"


def bind(app: Sphinx, document: nodes.document, _name: str) -> None:
    """Of the assembled document."""
    if app.builder.name != "singlehtml":
        return
    for chapter in list(document.findall(addnodes.start_of_file)):
        _tell_apart(chapter)
    for link in document.findall(nodes.reference):
        link["refuri"] = _joined(link.get("refuri", ""))
        if not link["refuri"]:
            del link["refuri"]
    _move_answers(document)


def _tell_apart(chapter: addnodes.start_of_file) -> None:
    """Every chapter has a section “The calls”."""
    name = chapter["docname"]
    for node in chapter.findall(nodes.Element):
        if isinstance(node, nodes.section | question):
            node["ids"] = [f"{name}--{one}" for one in node["ids"]]
        if isinstance(node, nodes.reference):
            if "refid" in node:
                node["refid"] = f"{name}--{node['refid']}"
            elif node.get("refuri", "").startswith("#") and "#document-" not in node["refuri"]:
                node["refuri"] = f"#{name}--{node['refuri'][1:]}"


def _joined(address: str) -> str:
    """`#document-10-tcp-server#echo` is how Sphinx refers to a section of another chapter."""
    if not address.startswith("#document-") or "#" not in address[1:]:
        return address
    chapter, _, section = address.removeprefix("#document-").partition("#")
    return f"#{chapter}--{section}"


def _move_answers(document: nodes.document) -> None:
    appendix = nodes.section("", nodes.title("", APPENDIX), ids=["answers"], names=["answers"])
    for number, asked in enumerate(document.findall(question), start=1):
        answer = asked.children[-1]
        asked.remove(answer)
        asked.insert(0, _link(f"Question {number}", f"answer-{number}"))
        back = _link(f"Answer {number}", asked["ids"][0])
        appendix += nodes.container("", back, *answer.children, ids=[f"answer-{number}"])
    if len(appendix) > 1:
        document += appendix


def _link(text: str, target: str) -> nodes.paragraph:
    link = nodes.reference("", text, internal=True, refid=target)
    return nodes.paragraph("", "", link, classes=["numbered"])
