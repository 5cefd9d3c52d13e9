"""What the tests share."""

from __future__ import annotations

from functools import cache

import pytest

from checker.machine import why_no_arena


@cache
def _trouble() -> str:
    return why_no_arena()


@pytest.fixture
def private_arena() -> None:
    """For tests that need a network of their own; skips where the machine forbids it."""
    if _trouble():
        pytest.skip(_trouble())
