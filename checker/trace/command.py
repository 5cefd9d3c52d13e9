"""`lab trace`: from what was asked for to a process in an arena, and its exit status."""

from __future__ import annotations

import os
import signal
import traceback
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from rich.text import Text

from checker import catalog, checking, workspace
from checker.build import compile_source
from checker.compiler import Compilers
from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.reports import live
from checker.source import HEADERS, SOURCES, UnusableSourceError
from checker.subject import ACTOR
from checker.trace.roles import peer_of, play
from checker.trace.session import Asked, Session
from checker.trace.typed import STDIN

if TYPE_CHECKING:
    from rich.console import Console

    from checker.trace import Peer


def trace(
    name: str, peer: Peer | None, pcap: Path | None, arguments: list[str], out: Console
) -> int:
    """Builds and runs the workspace's own program; the exit status."""
    task, place = catalog.find(name), workspace.started()
    source = checking.own_source(task, place)
    if pcap and pcap.suffix in SOURCES | HEADERS:
        raise UnusableSourceError(f"{pcap}: --pcap would write over this source file")
    private = checking.arena_is_private()
    compilers = Compilers()
    try:
        with live.progress(task.slug, out):
            compiled = compile_source(source, "judged", private, out.is_terminal, compilers)
    finally:
        compilers.end()
    if compiled.said:
        out.print(Text.from_ansi(compiled.said.rstrip()))
    if compiled.binary is None:
        out.print(Text("It does not compile.", style="failed"))
        return 1
    typed = os.isatty(STDIN)
    chosen = peer or ("nc" if typed else "echo")
    packets = pcap.open("wb", buffering=0) if pcap else None
    asked = Asked(task, compiled.binary, arguments, chosen, typed and chosen == "nc", packets)
    if asked.attended and (who := peer_of(task)):
        hint = f"What you type, {who} says. Ctrl-D ends its half, Ctrl-C ends it all."
        out.print(Text(hint, style="label"))
    return _in_arena(asked, private, out)


def _in_arena(asked: Asked, private: bool, out: Console) -> int:
    ours, theirs = Pipe()

    def work(enter: Enter) -> None:
        ours.close()
        signal.signal(signal.SIGINT, lambda *_: None)  # `ours` tells, and what is begun is ended
        theirs.send(_outcome(asked, enter, theirs, out))

    pid = fork_for_arena(work, private)
    theirs.close()
    try:
        told: int | Exception = ours.recv()
    except EOFError:
        told = CheckerError("the process in the arena died")
    finally:
        ours.close()
        os.waitpid(pid, 0)
    if isinstance(told, Exception):
        raise told
    return told


def _outcome(asked: Asked, enter: Enter, stop: Connection, out: Console) -> int | Exception:
    """The exit status, or what is to be raised outside."""
    try:
        actors = [ACTOR, *filter(None, [peer_of(asked.task)])]
        session = Session(asked, enter(Random()), stop, actors, out)
        try:
            play(session)
            session.finish()
        finally:
            session.scene.close()
    except Exception as error:
        error.add_note(traceback.format_exc())
        return error
    except SystemExit as error:  # rich's, when nobody reads the output any more
        return 1 if error.code else 0
    return session.status
