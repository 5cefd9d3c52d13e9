"""How an archive refuses to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

MIB = 1024 * 1024

Spend = Callable[[int], None]
"""Told of bytes before they are unpacked; raises OverLimitError when they are too many."""


class UnreadableError(Exception):
    """A clause: why an archive, or one file in it, cannot be read."""


class OverLimitError(Exception):
    """A clause: which limit. What came before it counts."""


@contextmanager
def telling_damage() -> Iterator[None]:
    """A stranger's bytes can make the libraries raise anything."""
    try:
        yield
    except (UnreadableError, OverLimitError):
        raise
    except Exception as error:
        raise UnreadableError("damaged, or no archive") from error
