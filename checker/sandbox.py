"""The bubblewrap command lines: one shape of prison for a program and for its compiler."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LAUNCH = ROOT / "build" / "native" / "launch"
FILTER = ROOT / "build" / "native" / "filter.bpf"
"""What the kernel is told to refuse (checker/native/seccomp/filter.cpp)."""

MEBI = 1024 * 1024

SPARE = 64
"""Descriptors that a program may still open when all low numbers are taken."""

SCRATCH = ("/tmp", "/dev/shm")
SCRATCH_BYTES = 64 * MEBI
"""Of files in each scratch folder."""


@dataclass(frozen=True)
class Limits:
    """What one process may use: seconds of processor, bytes of writable memory (0: unlimited), …"""

    cpu: int
    memory: int
    processes: int
    descriptors: int
    file: int

    def as_arguments(self) -> list[str]:
        """For `launch`."""
        named = {
            "cpu": self.cpu,
            "memory": self.memory,
            "processes": self.processes,
            "descriptors": self.descriptors,
            "file": self.file,
        }
        return [f"{name}={value}" for name, value in named.items() if value] + ["core=0"]

    def as_prlimit(self) -> list[str]:
        """A prlimit(1) command; here `memory` is all that a process maps."""
        command = ["prlimit", f"--cpu={self.cpu}", f"--as={self.memory}", "--core=0"]
        command += [f"--nofile={self.descriptors}", f"--fsize={self.file}"]
        return [*command, *([f"--nproc={self.processes}"] if self.processes else []), "--"]


PROGRAM_LIMITS = Limits(cpu=30, memory=1024 * MEBI, processes=256, descriptors=1024, file=16 * MEBI)
COMPILER_LIMITS = Limits(cpu=60, memory=2048 * MEBI, processes=64, descriptors=256, file=32 * MEBI)

MEMORY_TOGETHER = 1024 * MEBI
"""Bytes of memory that all processes of one program may use together."""
FILES_TOGETHER = 4096
"""Files and folders that a program may make in its scratch folders."""
TOGETHER = (f"memory-together={MEMORY_TOGETHER}", f"files-together={FILES_TOGETHER}")
"""For `launch` in a pid namespace of its own: it looks at all processes that it sees."""


def system_view() -> list[str]:
    """The system's programs and libraries, read-only, and nothing else of the machine."""
    view, scratch = ["--ro-bind", "/usr", "/usr"], list[str]()
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            view += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            view += ["--ro-bind", str(path), str(path)]
    if ROOT.is_relative_to("/usr"):
        view += ["--tmpfs", str(ROOT)]  # solutions and checks are none of the system's
    for folder in SCRATCH:
        scratch += ["--size", str(SCRATCH_BYTES), "--tmpfs", folder]
    # What tunes the kernel is the root user's, whom the lab may be, with or without capabilities.
    kernel = ["--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys"]
    return [*view, *kernel, "--dev", "/dev", *scratch, "--remount-ro", "/dev"]


def bwrap(
    *options: str,
    seccomp: int | None,
    data: Mapping[str, int] | None = None,
    writable: Container[str] = (),
    environment: Mapping[str, str] | None = None,
    network: bool = False,
) -> list[str]:
    """A bubblewrap command, up to and including `--`.

    `seccomp`: a descriptor of FILTER, opened for this command alone, which inherits it; None is for
    our own commands. `data`: path inside → descriptor whose bytes it has, read-only, as all of the
    root is, unless `writable`. `network`: share ours (inside an arena: the arena's), else none."""
    shared = ["--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-cgroup-try"]
    shared.append("--disable-userns")  # root of a world of its own could fill the memory with files
    command = ["bwrap", *shared, *([] if network else ["--unshare-net"])]
    command += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--seccomp", str(seccomp)] if seccomp is not None else []
    command += system_view()
    command += options
    for path, descriptor in (data or {}).items():
        made = ["0666", "--bind-data"] if path in writable else ["0555", "--file"]
        command += ["--perms", *made, str(descriptor), path]
    command += ["--remount-ro", "/", "--clearenv"]
    for name, value in (environment or {}).items():
        command += ["--setenv", name, value]
    return [*command, "--"]


def launched(
    launch: str, control: int, options: Iterable[str], program: Iterable[str]
) -> list[str]:
    """The command that starts `program` with these options of `launch` and reports on descriptor
    `control`."""
    return [launch, str(control), *options, "--", *program]
