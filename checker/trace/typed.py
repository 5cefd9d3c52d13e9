"""`--with nc`: what is typed, line by line, is what the lab's end says."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from checker.loop import Loop
    from checker.trace.ends import End

STDIN = 0
AT_ONCE = 64 * 1024
MOST = 1024 * 1024
"""Bytes of a file that are taken for typed."""


class Typed:
    """Reads lines from a descriptor. Those that come before there is an end to say them wait."""

    def __init__(self, loop: Loop, descriptor: int = STDIN) -> None:
        self._loop = loop
        self._descriptor = descriptor
        self._end: End | None = None
        self._lines: list[bytes] = []
        self._rest = b""
        self._over = False
        try:
            loop.on_readable(descriptor, self._on_readable)
        except OSError:  # a file (epoll_ctl(2), EPERM), or nothing at all
            self._take(b"".join(_contents(descriptor)))
            self._finish()

    def meets(self, end: End) -> None:
        """From now on this one says it."""
        self._end = end
        self._say()

    def _on_readable(self) -> None:
        try:
            data = os.read(self._descriptor, AT_ONCE)
        except OSError:  # the terminal has gone
            data = b""
        if data:
            self._take(data)
            return
        self._loop.forget(self._descriptor)
        self._finish()

    def _take(self, data: bytes) -> None:
        *lines, self._rest = re.split(rb"(?<=\n)", self._rest + data)
        self._lines += lines
        self._say()

    def _finish(self) -> None:
        self._lines += [self._rest] if self._rest else []
        self._over = True
        self._say()

    def _say(self) -> None:
        if self._end is None or self._end.over:
            return
        for line in self._lines:
            self._end.says(line)
        self._lines.clear()
        if self._over:
            self._end.ends()


def _contents(descriptor: int) -> Iterator[bytes]:
    for _ in range(MOST // AT_ONCE):
        try:
            piece = os.read(descriptor, AT_ONCE)
        except OSError:
            return
        if not piece:
            return
        yield piece
