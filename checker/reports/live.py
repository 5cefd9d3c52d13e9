"""What is happening while a check runs; nothing where the output is no terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from checker.messages import Collected, Finished, Message, Started
from checker.run import Tell


@contextmanager
def progress(title: str, out: Console) -> Iterator[Tell]:
    """Gives the function that `run` tells its messages to."""
    columns = (TextColumn("{task.fields[title]}"), BarColumn(20), MofNCompleteColumn())
    told = TextColumn("{task.description}", style="label")
    with Progress(*columns, told, console=out, transient=True, disable=not out.is_terminal) as bar:
        shown = bar.add_task("compiling", total=None, title=title)
        titles: dict[str, str] = {}

        def tell(message: Message) -> None:
            match message:
                case Collected(checks):
                    titles.update((name, text) for name, text, _ in checks)
                    bar.update(shown, total=len(checks))
                case Started(check):
                    bar.update(shown, description=titles[check][:36])
                case Finished():
                    bar.advance(shown)

        yield tell
