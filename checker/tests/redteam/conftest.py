"""What holds for every attack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.tests.redteam.attack import listing

LEFT = "redteam-was-here"
"""The name of every file that a hostile program tries to leave behind."""


@pytest.fixture(autouse=True)
def _arena(private_arena: None) -> None:
    """Nothing of this is ever run in the open."""


@pytest.fixture(autouse=True, scope="package")
def _nothing_changes() -> Iterator[None]:
    before = listing()
    yield
    assert listing() == before
    for folder in ("/", "/tmp", "/dev/shm", "/var/tmp", Path.home()):
        assert not Path(folder, LEFT).exists()
