"""How a check ends when it does not pass."""

from __future__ import annotations


class CheckFailed(Exception):
    """The program did not do what the current step demands."""

    def __init__(self, expected: str, got: str) -> None:
        super().__init__(f"expected {expected}, got {got}")
        self.expected = expected
        self.got = got


class CheckSkipped(Exception):
    """The check cannot be made here; the reason says why. Never the student's fault."""


class CheckerError(Exception):
    """The checker could not do its own part. Never the student's fault."""
