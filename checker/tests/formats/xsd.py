"""As much of XML Schema as `junit-10.xsd` uses: elements, their attributes, their children's names
and how often they may stand there, and patterns. (No validator of XML Schema is among the lab's
packages.)"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree.ElementTree import Element, parse

XS = "{http://www.w3.org/2001/XMLSchema}"
UNDERSTOOD = {
    *("schema", "element", "complexType", "simpleType", "restriction", "pattern"),
    *("attribute", "sequence", "choice"),
}


class Schema:
    """The rules of one file. AssertionError when it has a word that is not understood here."""

    def __init__(self, path: Path) -> None:
        root = parse(path).getroot()
        words = {element.tag.removeprefix(XS) for element in root.iter()}
        assert words <= UNDERSTOOD, words - UNDERSTOOD
        self._elements = {element.get("name"): element for element in root.findall(f"{XS}element")}
        self._patterns = {
            kind.get("name"): re.compile(pattern.get("value", ""))
            for kind in root.findall(f"{XS}simpleType")
            for pattern in kind.iter(f"{XS}pattern")
        }

    def complaints(self, element: Element) -> list[str]:
        """What is wrong with it and all that is in it."""
        rule = self._elements.get(element.tag)
        if rule is None:
            return [f"<{element.tag}> is unknown"]
        kind = rule.find(f"{XS}complexType")
        if kind is None:
            return [f"<{element.tag}> has children"] if len(element) else []
        found = self._attributes(element, kind) + self._children(element, kind)
        return found + [complaint for child in element for complaint in self.complaints(child)]

    def _attributes(self, element: Element, kind: Element) -> list[str]:
        rules = {rule.get("name", ""): rule for rule in kind.findall(f"{XS}attribute")}
        found = [f"<{element.tag} {name}> is unknown" for name in element.keys() - rules.keys()]
        for name, rule in rules.items():
            value = element.get(name)
            if value is None and rule.get("use") == "required":
                found.append(f"<{element.tag}> lacks {name}")
            pattern = self._patterns.get(rule.get("type"))
            if value is not None and pattern and not pattern.fullmatch(value):
                found.append(f"<{element.tag} {name}={value!r}> does not fit")
        return found

    def _children(self, element: Element, kind: Element) -> list[str]:
        allowed = {rule.get("ref") for rule in kind.iter(f"{XS}element")}
        found = [
            f"<{child.tag}> in <{element.tag}>" for child in element if child.tag not in allowed
        ]
        text = [element.text, *(child.tail for child in element)]
        if kind.get("mixed") != "true" and "".join(part or "" for part in text).strip():
            found.append(f"<{element.tag}> has text")
        return found
