"""What is wrong with one submission, gathered into one line of bounded length."""

from __future__ import annotations

NAMED = 3
"""So many subjects of one reason are named."""
REASONS = 6


class Trouble:
    """Reasons, each with the subjects it holds for."""

    def __init__(self) -> None:
        self._subjects: dict[str, list[str]] = {}

    def add(self, reason: str, subject: str = "") -> None:
        """`reason` is a clause; `subject` is a name that can be shown."""
        subjects = self._subjects.setdefault(reason, [])
        if subject and subject not in subjects:
            subjects.append(subject)

    def line(self) -> str:
        """Empty when there is none."""
        shown = [_told(reason, names) for reason, names in self._subjects.items()]
        rest = len(shown) - REASONS
        return "; ".join([*shown[:REASONS], *([f"and {rest} more troubles"] if rest > 0 else [])])


def _told(reason: str, subjects: list[str]) -> str:
    if not subjects:
        return reason
    rest = len(subjects) - NAMED
    named = ", ".join(subjects[:NAMED]) + (f" and {rest} more" if rest > 0 else "")
    return f"{named}: {reason}"
