"""Opens the walkthrough, and ends it."""

from __future__ import annotations

import asyncio

from checker.failure import CheckerError
from checker.run import prober_server
from checker.walkthrough import ends
from checker.walkthrough.app import Walkthrough
from checker.workspace import Workspace


def run(place: Workspace) -> int:
    """Until it is left; the exit status. CheckerError after a crash, which the terminal tells;
    OSError when there is no workspace and none can be made."""
    prober_server()  # it needs the standard error, of which the screen leaves nothing
    return asyncio.run(_run(Walkthrough(place)))


async def _run(app: Walkthrough) -> int:
    with ends.in_order(app.exit):
        status = await app.run_async()
    if app.trouble:
        raise app.trouble
    if app.return_code:
        raise CheckerError("the walkthrough failed; nothing of yours was changed: please report it")
    return status or 0
