"""Plays on the walkthrough's keys, and reads its screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection, wait

from textual.pilot import Pilot

from checker.messages import Collected, Finished, Started
from checker.run import Judged, Request, Stopped, Tell
from checker.saved import Judge
from checker.tests.made import made_check, made_failure, made_result
from checker.walkthrough.app import Walkthrough
from checker.workspace import Workspace

SECONDS = 30
"""Far more than anything here takes."""


def judge(request: Request, tell: Tell, stop: Connection | None) -> Judged:
    """A program that says `good` passes its two checks; of another one the first fails, and what it
    says is told; one that says `endless` is judged until that is given up."""
    assert request.source and stop
    (said,) = (content.decode().strip() for content in request.source.files.values())
    star = made_check("counts", level="craft", outcome="passed" if said == "good" else "failed")
    first = made_check() if said == "good" else made_failure(got=f"it says {said}")
    tell(Collected([(f"test_{c.id}", c.title, c.level) for c in (first, star)]))
    tell(Started("test_listens"))
    if said == "endless":
        wait([stop])
        raise Stopped
    tell(Finished(first, ""))
    tell(Finished(star, ""))
    result = made_result(
        first,
        star,
        task=request.task.slug,
        outcome="done" if said == "good" else "not done",
        source_sha256=request.source.sha256(),
    )
    return Judged(result, "the log\n")


class Stage:
    """A walkthrough that is being played on."""

    def __init__(self, app: Walkthrough, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def lines(self) -> list[str]:
        """What stands on the screen."""
        strips = self.app.screen._compositor.render_strips()  # the one place where it is text
        return [strip.text.rstrip() for strip in strips]

    def text(self) -> str:
        return "\n".join(self.lines())

    async def sees(self, text: str) -> None:
        """Waits until the text is there."""
        deadline = time.monotonic() + SECONDS
        while text not in self.text():
            assert time.monotonic() < deadline, f"no “{text}” in\n{self.text()}"
            await self.pilot.pause(0.02)


def play(
    place: Workspace,
    scene: Callable[[Stage], Awaitable[None]],
    judge: Judge = judge,
    size: tuple[int, int] = (80, 24),
) -> int | None:
    """Plays the scene, then quits; what the walkthrough returned."""

    async def perform() -> int | None:
        app = Walkthrough(place, judge)
        async with app.run_test(size=size, notifications=True) as pilot:
            await pilot.pause()
            await scene(Stage(app, pilot))
        return app.return_value

    return asyncio.run(perform())
