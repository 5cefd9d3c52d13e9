"""The PDF."""

from __future__ import annotations

from pathlib import Path

from checker.guide.paper import print_to


def test_it_has_pages_an_outline_and_the_names_of_sections(paper: Path, tmp_path: Path) -> None:
    file = tmp_path / "guide.pdf"
    print_to(paper, file)
    printed = file.read_bytes()
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") > 5
    assert b"/Outlines" in printed and b"/StructTreeRoot" in printed
    assert b"/Title (Half-close)" in printed
