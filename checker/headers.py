"""The system's headers that a source begins with, compiled once for all the sources that begin with
the same ones. From them the compiler makes the same program, byte for byte, in half the time
(gcc(1), “Using Precompiled Headers”)."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from checker.check import Build
from checker.compiler import COMMON, CPP, FLAGS, Compilers, toolchain
from checker.kept import beyond
from checker.sandbox import COMPILER_LIMITS, MEBI, ROOT

KEPT = ROOT / ".cache" / "headers"
KEPT_BLOCKS = 8
"""Some 40 MB each."""
WORTH = 3
"""To compile them takes as long as so many sources take longer without."""
BLOCK = "first-headers.hpp"
LIMITS = replace(COMPILER_LIMITS, file=128 * MEBI)
INSTALLED = ("/var/lib/dpkg/status", "/usr/include", "/usr/include/c++")
"""One of them is changed by whatever changes the system's headers."""
NAME = rb"(?:[a-z0-9_]+/)*[a-z0-9_]+(?:\.h)?"
TOKEN = re.compile(
    rb"[ \t\r\n]+"
    rb"|//[^\n\\]*\n"
    rb"|/\*[^\\]*?\*/"
    rb"|#[ \t]*include[ \t]*<(" + NAME + rb")>(?=[ \t\r]*(?:\n|//))"
)
"""A backslash may lead a comment or a directive on to the next line: such a one ends the block."""


def first_headers(text: bytes) -> list[str]:
    """Those that are included before anything else, comments aside: nothing in the source can
    change what they come to."""
    names, at = [], 0
    while token := TOKEN.match(text, at):
        at = token.end()
        if token[1]:
            names.append(token[1].decode())
    return names


@contextmanager
def precompiled(
    names: list[str], build: Build, compilers: Compilers, uses: int = 1
) -> Iterator[Path | None]:
    """The folder of BLOCK, which includes them, and of BLOCK.gch, compiled for that build; it stays
    until the end of the `with` block. None where they are not worth it, or cannot be kept. `uses`:
    how many sources are about to ask for them."""
    told = [*names, build, toolchain(), *COMMON, *FLAGS[build], *_installed()]
    folder = KEPT / hashlib.sha256("\0".join(told).encode()).hexdigest()[:24]
    made = folder / "made"
    if names:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            _forget_old_blocks()
    with _held(folder, fcntl.LOCK_SH) as held:
        if held:
            with suppress(OSError):
                if _asked(folder) + uses - 1 > WORTH and not made.exists():
                    _make(folder, names, build, compilers)
        yield made if held and made.exists() else None


def _asked(folder: Path) -> int:
    """How often they were asked for, this time included."""
    os.utime(folder)
    with (folder / "asked").open("ab") as asked:
        asked.write(b".")
        return asked.tell()


def _make(folder: Path, names: list[str], build: Build, compilers: Compilers) -> None:
    """What cannot be made is not tried again; what was broken off is."""
    new = folder / "new"
    new.mkdir(exist_ok=True)
    with _held(new, fcntl.LOCK_EX) as ours:
        if not ours or (folder / "useless").exists():
            return
        shutil.rmtree(new / "source", ignore_errors=True)
        (new / "source").mkdir()
        block = new / "source" / BLOCK
        block.write_text("".join(f"#include <{name}>\n" for name in names))
        output = ["-o", f"/out/{BLOCK}.gch"]
        command = [*CPP, *COMMON, *FLAGS[build], "-x", "c++-header", BLOCK, *output]
        ending, _ = compilers.run_in(new, command, LIMITS, confined=True)
        if ending == "succeeded":
            block.rename(new / BLOCK)
            new.rename(folder / "made")
        elif ending == "failed":
            (folder / "useless").touch()


@contextmanager
def _held(folder: Path, how: int) -> Iterator[bool]:
    """Whether it is there, and nobody has it in a way that forbids ours (flock(2))."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield False
        return
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        held = folder.exists()  # whoever removes or renames it holds it
    except OSError:
        held = False
    try:
        yield held
    finally:
        os.close(descriptor)


def _installed() -> Iterator[str]:
    for path in INSTALLED:
        with suppress(OSError):
            yield str(Path(path).stat().st_mtime_ns)


def _forget_old_blocks() -> None:
    for _, old in beyond(KEPT_BLOCKS, KEPT):
        with _held(old, fcntl.LOCK_EX) as ours:
            if ours:
                shutil.rmtree(old, ignore_errors=True)
