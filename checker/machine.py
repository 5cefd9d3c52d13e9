"""What this machine allows."""

from __future__ import annotations

import os
import subprocess
from random import Random

from checker.arena import enter_private, write_id_maps
from checker.failure import CheckerError
from checker.sandbox import LAUNCH, bwrap


def why_no_arena() -> str:
    """Empty when a private arena can be opened here and a program be confined in it, else what
    stands in the way. Tried, in a process of its own."""
    if not LAUNCH.exists():
        return "the native parts are not built: run `scripts/setup`"
    entered_read, entered_write = os.pipe()
    mapped_read, mapped_write = os.pipe()
    told_read, told_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(mapped_write)
            os.write(told_write, _try_arena(entered_write, mapped_read).encode() or b"ok")
        finally:
            os._exit(0)
    for descriptor in (entered_write, mapped_read, told_write):
        os.close(descriptor)
    try:
        if os.read(entered_read, 1):
            write_id_maps(pid)
            os.write(mapped_write, b"m")
    except OSError as error:
        return f"user namespaces: {error.strerror}"
    finally:
        os.close(mapped_write)
        os.close(entered_read)
        with os.fdopen(told_read) as told:
            said = told.read()
        os.waitpid(pid, 0)
    return "" if said == "ok" else said or "the trial process died"


def _try_arena(entered: int, mapped: int) -> str:
    def maps_ready() -> None:
        os.write(entered, b"e")
        os.close(entered)
        if not os.read(mapped, 1):
            raise CheckerError("user namespaces: the user map could not be written")

    try:
        arena = enter_private(Random(0), maps_ready)
        subprocess.run(
            [*bwrap("--uid", "1000", network=True), "/usr/bin/true"],
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
