"""`lab trace`: the student's program, run by hand in an arena, its ladder growing live."""

from typing import Literal

Peer = Literal["nc", "echo"]
"""Who says what the lab's end of the wire says: somebody who types, or an echo."""
