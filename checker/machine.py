"""What this machine allows."""

from __future__ import annotations

import os
import subprocess
from random import Random

from checker.entering import Enter, fork_for_arena
from checker.failure import CheckerError
from checker.sandbox import FILTER, LAUNCH, bwrap


def why_no_arena() -> str:
    """Empty when a private arena can be opened here and a program be confined in it, else what
    stands in the way. Tried, in a process of its own."""
    if not (LAUNCH.exists() and FILTER.exists()):
        return "the native parts are not built: run `scripts/setup`"
    told_read, told_write = os.pipe()
    pid = fork_for_arena(lambda enter: _tell(told_write, _try_arena(enter) or "ok"))
    os.close(told_write)
    with os.fdopen(told_read) as told:
        said = told.read()
    os.waitpid(pid, 0)
    return "" if said == "ok" else said or "the trial process died"


def _tell(descriptor: int, text: str) -> None:
    os.write(descriptor, text.encode())


def _try_arena(enter: Enter) -> str:
    try:
        arena = enter(Random(0))
        with FILTER.open("rb") as seccomp:
            prison = bwrap("--uid", "1000", seccomp=seccomp.fileno(), network=True)
            subprocess.run(
                [*prison, "/usr/bin/true"],
                pass_fds=[seccomp.fileno()],
                user=arena.drops_to,
                capture_output=True,
                text=True,
                check=True,
            )
    except CheckerError as error:
        return str(error)
    except OSError as error:
        return f"bubblewrap: {error.strerror}"
    except subprocess.CalledProcessError as error:
        return f"bubblewrap: {error.stderr.strip()}"
    return ""
