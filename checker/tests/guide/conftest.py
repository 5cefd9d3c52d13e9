"""The real guide, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.guide import building


@pytest.fixture(scope="session")
def pages() -> Path:
    """The folder of its pages."""
    assert building.html(), "`make guide` fails"
    return building.HTML


@pytest.fixture(scope="session")
def paper() -> Path:
    """All chapters on one page."""
    page = building.single_page()
    assert page, "`make guide` fails"
    return page
