"""`lab guide`: a chapter in the reader's browser."""

from __future__ import annotations

import os
import webbrowser
from difflib import get_close_matches
from pathlib import Path

from checker import catalog
from checker.failure import CheckerError
from checker.guide import building
from checker.reports.console import complain
from checker.source import UnusableSourceError


class NoChapterError(UnusableSourceError):
    """One line: what there is instead."""


def open_guide(wanted: str | None, section: str | None) -> str:
    """Opens the chapter of that task or name, at that section; returns its address, for those
    who have no browser here."""
    page = _page(wanted)
    if building.is_stale():
        complain("the guide's pages are made, which takes some seconds")
        if not building.html():
            raise CheckerError("the guide cannot be made; see above")
    if section and f'id="{section}"' not in page.read_text():
        raise NoChapterError(f"{page.stem} has no section “{section}”")
    address = page.as_uri() + (f"#{section}" if section else "")
    if _has_browser():
        webbrowser.open(address)
    return address


def chapters() -> list[str]:
    """Their names, tasks' and others'."""
    return sorted(path.stem for path in building.SOURCE.glob("*.md") if path.stem != "WRITING")


def _page(wanted: str | None) -> Path:
    known = chapters()
    name = wanted or "index"
    if name not in known:
        try:
            name = catalog.find(name).slug
        except catalog.UnknownTaskError:
            near = get_close_matches(name, known, n=1)
            asked = f"is it “{near[0]}”?" if near else "`./lab guide` shows them all"
            raise NoChapterError(f"no chapter is called “{name}”; {asked}") from None
    if name not in known:
        raise NoChapterError(f"{name} has no chapter yet")
    return building.HTML / f"{name}.html"


def _has_browser() -> bool:
    """Over ssh, or without a screen, a browser would open where nobody looks; $BROWSER names one
    that does not need a screen, or that leads to it."""
    if os.environ.get("BROWSER"):
        return True
    there = not os.environ.get("SSH_CONNECTION")
    return there and bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
