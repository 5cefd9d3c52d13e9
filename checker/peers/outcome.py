"""What a peer got instead of what it waited for: silence, an end, a reset or wrong bytes."""

from __future__ import annotations

from typing import Literal

from checker.failure import CheckFailed
from checker.text import compare, count, describe

Closing = Literal["open", "end", "reset"]

_CLOSING = {
    "open": "silence for {seconds:.1f} s, the connection still open",
    "end": "the orderly end of the connection (FIN)",
    "reset": "a reset of the connection (RST)",
}


def after(closing: Closing, seconds: float) -> str:
    """What came after the last byte."""
    return _CLOSING[closing].format(seconds=seconds)


def demand_bytes(expected: bytes, got: bytes, closing: Closing, seconds: float) -> None:
    """Raises unless `got` is `expected`; tells no answer, a part of it and wrong bytes apart."""
    if got == expected:
        return
    if not got:
        raise CheckFailed(describe(expected), f"no byte, but {after(closing, seconds)}")
    if expected.startswith(got):
        part = f"{count(len(got))} of {count(len(expected))}, then {after(closing, seconds)}"
        raise CheckFailed(describe(expected), f"{part}\n{describe(got)}")
    raise CheckFailed(*compare(expected, got))


def demand_end(got: bytes, closing: Closing, seconds: float) -> None:
    """Raises unless the stream ended in order, with no byte before its end."""
    if got:
        raise CheckFailed("the orderly end of the connection (FIN)", f"more bytes: {describe(got)}")
    if closing != "end":
        raise CheckFailed("the orderly end of the connection (FIN)", after(closing, seconds))
