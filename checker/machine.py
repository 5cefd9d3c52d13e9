"""What this machine allows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from random import Random

from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.sandbox import FILTER, LAUNCH, bwrap


def why_no_arena() -> str:
    """Empty when a private arena can be opened here and a program be confined in it, else what
    stands in the way. Tried, in a process of its own."""
    if not (LAUNCH.exists() and FILTER.exists()):
        return "the native parts are not built: run `scripts/setup`"
    return _trial(lambda enter: _confined(enter, "/usr/bin/true"))


def why_no_process_limit() -> str:
    """Empty when a program in an arena cannot have more processes than it is allowed, else why it
    can: the kernel lets root have as many as it likes (setrlimit(2), RLIMIT_NPROC)."""

    def trial(enter: Enter) -> str:
        alone = ["/usr/bin/prlimit", "--nproc=1", "--", "/bin/sh", "-c", "true | true"]
        return "" if _confined(enter, *alone) else "root is exempt, and there is no other user"

    return _trial(trial)


def _trial(work: Callable[[Enter], str]) -> str:
    """What `work` says, in a process that may enter an arena, or what went wrong there."""

    def said(enter: Enter) -> str:
        try:
            return work(enter)
        except CheckerError as error:
            return str(error)
        except OSError as error:
            return f"bubblewrap: {error.strerror}"

    told_read, told_write = os.pipe()
    pid = fork_for_arena(lambda enter: _tell(told_write, said(enter) or "ok"))
    os.close(told_write)
    with os.fdopen(told_read) as told:
        heard = told.read()
    os.waitpid(pid, 0)
    return "" if heard == "ok" else heard or "the trial process died"


def _tell(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode())


def _confined(enter: Enter, *command: str) -> str:
    """What the command complains of in a prison as programs have it; nothing when it succeeds."""
    arena = enter(Random(0))
    with FILTER.open("rb") as seccomp:
        prison = bwrap("--uid", "1000", seccomp=seccomp.fileno(), network=True)
        done = subprocess.run(
            [*prison, *command],
            pass_fds=[seccomp.fileno()],
            user=arena.drops_to,
            capture_output=True,
            text=True,
            check=False,
        )
    return f"bubblewrap: {done.stderr.strip()}" if done.returncode else ""
