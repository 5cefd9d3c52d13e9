"""The guide as a PDF, printed by a browser (Chrome DevTools Protocol, Page.printToPDF)."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from checker.guide.browser import open_chromium

INCH = 2.54
SCALE = 0.8
"""Of the size on a screen: 80 columns of a terminal fit the page."""
HEAD = '<p style="{style}">Loopback: the guide</p>'
FOOT = '<p style="{style}"><span class="pageNumber"></span></p>'
STYLE = "font:9px sans-serif;color:#555;width:100%;text-align:center"


def print_to(page: Path, file: Path) -> None:
    """A4, with an outline and page numbers. CheckerError where there is no browser."""
    with open_chromium() as browser:
        browser.get(page.as_uri())
        printed: dict[str, Any] = browser.execute_cdp_cmd("Page.printToPDF", _settings())
    file.write_bytes(base64.b64decode(printed["data"]))


def _settings() -> dict[str, Any]:
    return {
        "scale": SCALE,
        "paperWidth": 21 / INCH,
        "paperHeight": 29.7 / INCH,
        "marginTop": 2 / INCH,
        "marginBottom": 2 / INCH,
        "marginLeft": 2 / INCH,
        "marginRight": 2 / INCH,
        "displayHeaderFooter": True,
        "headerTemplate": HEAD.format(style=STYLE),
        "footerTemplate": FOOT.format(style=STYLE),
        "generateDocumentOutline": True,
        "generateTaggedPDF": True,
    }
