"""The command that starts a program in its prison, and what that command needs around it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from checker import observer, processes, sandbox

if TYPE_CHECKING:
    from checker.arena import Arena

RING = "/ring"
LIBRARY = "/observer.so"

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "HOSTNAME": "not-this-host",
    "ASAN_OPTIONS": "exitcode=99:detect_leaks=0:hard_rss_limit_mb=512:color=never:log_path=stderr",
    "UBSAN_OPTIONS": "halt_on_error=1:exitcode=99:print_stacktrace=0:color=never:log_path=stderr",
}

Stdin = Literal["open", "ended", "piped"]
"""`open`: never a byte and never an end; `ended`: at its end at once; `piped`: we write to it."""

Stdout = Literal["terminal", "piped"]
"""On a terminal the C library lets no line wait (setvbuf(3)); a pipe carries more at a time."""


@dataclass(frozen=True)
class Circumstances:
    """What a program is started into. `taken`: every descriptor below it is open already;
    `faults`: what goes wrong in its calls (checker/native/observer/faults.hpp)."""

    stdin: Stdin = "open"
    sanitised: bool = False
    taken: int = 0
    faults: str = ""
    stdout: Stdout = "terminal"

    def limits(self) -> sandbox.Limits:
        limits = sandbox.PROGRAM_LIMITS
        if self.sanitised:
            limits = replace(limits, memory=0)
        if self.taken:
            limits = replace(limits, descriptors=self.taken + sandbox.SPARE)
        return limits


@dataclass
class Prison:
    """`command`: what to start, with the descriptors `inherited` and, if given, `environment`.
    `ring`: where the observer's ring is, as the program sees it; `kept`: descriptors that have to
    stay open as long as the program runs."""

    command: list[str]
    inherited: list[int]
    ring: Path
    environment: dict[str, str] | None = None
    kept: list[int] = field(default_factory=list)


def prison(
    opened: ExitStack,
    arena: Arena,
    binary: Path,
    arguments: list[str],
    control: int,
    circumstances: Circumstances,
) -> Prison:
    """For this program in that arena. `control`: the descriptor that its launcher reports on.
    What is opened here closes with `opened`, once the command runs."""
    limits = circumstances.limits()
    ring = _memory_file(observer.head(circumstances.faults), observer.size())
    if not arena.private:
        path = f"/proc/{os.getpid()}/fd/{ring}"
        # The kernel counts all that the user has, a browser's threads among them.
        beside = processes.tasks_of(os.getuid())
        limits = replace(limits, processes=limits.processes + beside)
        words = [str(binary), *arguments]
        command = _launched(str(sandbox.LAUNCH), control, words, circumstances, limits, path)
        return Prison([*_as_user(arena), *command], [control], Path(path), ENVIRONMENT, [ring])
    shown = {
        RING: ring,
        "/launch": os.open(sandbox.LAUNCH, os.O_RDONLY),
        LIBRARY: os.open(observer.LIBRARY, os.O_RDONLY),
        f"/program/{binary.name}": os.open(binary, os.O_RDONLY),
    }
    shown |= {f"/etc/{name}": _memory_file(content) for name, content in arena.etc.items()}
    seccomp = os.open(sandbox.FILTER, os.O_RDONLY)
    for descriptor in (seccomp, *shown.values()):
        opened.callback(os.close, descriptor)
    # Who runs with the same user could stop its launcher, but not the first process (kill(2)).
    options = ["--uid", "1000", "--gid", "1000", "--as-pid-1", "--chdir", "/program"]
    around = sandbox.bwrap(
        *options,
        seccomp=seccomp,
        data=shown,
        writable=[RING],
        environment=ENVIRONMENT,
        network=True,
    )
    command = [f"./{binary.name}", *arguments]
    ours = (RING, LIBRARY, sandbox.TOGETHER)
    inner = _launched("/launch", control, command, circumstances, limits, *ours)
    command = [*_as_user(arena), *around, *inner]
    return Prison(command, [control, seccomp, *shown.values()], Path(RING))


def _as_user(arena: Arena) -> list[str]:
    """Runs a command as who programs run as. Popen would have to copy the prober for that."""
    if arena.drops_to is None:
        return []
    return ["setpriv", f"--reuid={arena.drops_to}", f"--regid={arena.drops_to}", "--clear-groups"]


def _launched(
    launch: str,
    control: int,
    command: list[str],
    circumstances: Circumstances,
    limits: sandbox.Limits,
    ring: str,
    library: str = str(observer.LIBRARY),
    together: Sequence[str] = (),
) -> list[str]:
    watched = observer.environment(ring, library)
    watched["ASAN_OPTIONS"] += ":" + ENVIRONMENT["ASAN_OPTIONS"]
    words = [*limits.as_arguments(), *together]
    words += [f"taken={circumstances.taken}"] if circumstances.taken else []
    words += [f"env:{name}={value}" for name, value in watched.items()]
    return sandbox.launched(launch, control, words, command)


def _memory_file(content: bytes, size: int = 0) -> int:
    """With zeros after the content, up to that size, which nobody has to copy."""
    descriptor = os.memfd_create("content")
    os.write(descriptor, content)
    os.ftruncate(descriptor, max(size, len(content)))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
