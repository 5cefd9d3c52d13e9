"""The queue of connections that a listener has not accepted yet (listen(2))."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.failure import CheckFailed
from checker.sockets import bound_by

if TYPE_CHECKING:
    from checker.scene import Server


@dataclass(frozen=True)
class Queue:
    """`length`: what `ss -ltn` calls Recv-Q; `backlog`: its Send-Q, which is what the program gave
    listen(2), or net.core.somaxconn if that is less."""

    length: int
    backlog: int


def of_listener(server: Server) -> Queue:
    """As the kernel tells it; CheckFailed when the program does not listen any more."""
    for each in bound_by(server.program.program.family()):
        if (each.protocol, each.port) == ("TCP", server.port):
            return Queue(each.unread, each.unsent)
    raise CheckFailed("a server that listens", server.program.describe())
