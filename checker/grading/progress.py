"""How far grading is: a bar with rate and time left; without a terminal, a line now and then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from checker.grading.pool import Done

EVERY = 25
"""Judgings, from one line to the next."""


@contextmanager
def progress(total: int, out: Console) -> Iterator[Done]:
    """Gives the function to call after each judging."""
    began = time.monotonic()
    done = 0
    columns = (TextColumn("judging"), BarColumn(20), MofNCompleteColumn())
    hidden = not out.is_terminal or not total
    with Progress(*columns, TextColumn("{task.description}"), console=out, disable=hidden) as bar:
        shown = bar.add_task("", total=total)

        def advance() -> None:
            nonlocal done
            done += 1
            pace = _pace(done, total, time.monotonic() - began)
            bar.update(shown, completed=done, description=pace)
            if not out.is_terminal and (done % EVERY == 0 or done == total):
                out.print(f"judged {done} of {total} · {pace}")

        yield advance


def _pace(done: int, total: int, seconds: float) -> str:
    rate = done / max(seconds, 0.001)
    left = (total - done) / rate
    shown = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
    return f"{60 * rate:.0f} a minute · {shown} left"
