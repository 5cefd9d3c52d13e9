"""JSON that a person can read too."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec


def as_json(report: Mapping[str, object]) -> str:
    """Indented, in UTF-8, with a line end."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n"
