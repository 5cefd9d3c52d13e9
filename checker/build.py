"""Source to binary."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checker import processes
from checker.check import Build
from checker.compiler import COMMON, CPP, FLAGS, HEADERS, Compilers, toolchain
from checker.failure import CheckerError
from checker.headers import BLOCK, first_headers, precompiled
from checker.kept import beyond
from checker.sandbox import COMPILER_LIMITS, ROOT
from checker.source import Source
from checker.text import plain

KEPT_BUILDS = 64
IN_USE_SECONDS = 600
"""A build may be in use for so long after it was last asked for."""
COLOUR = re.compile(r"(\x1b\[[0-9;]*[mK])")
COMMAND = re.compile(r"^(?=[^\S\n]*(::|##\[))", re.MULTILINE)
"""Where a line begins that GitHub's or Azure's runner takes for a command."""
CACHE = ROOT / ".cache" / "builds"


@dataclass(frozen=True)
class Compiled:
    """`binary` is None when it does not compile; `said` is what the compiler printed."""

    binary: Path | None
    said: str


def compile_source(
    source: Source,
    build: Build,
    confined: bool,
    colour: bool = False,
    compilers: Compilers | None = None,
    folder: Path | None = None,
) -> Compiled:
    """Compiles, or takes the binary of an equal source from `folder`, else from the cache. What is
    in a `folder` of one's own stays there."""
    cache = folder or CACHE
    compilers = compilers or Compilers()
    key = hashlib.sha256(
        "\0".join(
            [
                source.sha256(),
                *source.units,
                source.name,
                build,
                toolchain(),
                "coloured" if colour else "",
                "confined" if confined else "",  # outside, it may have read what is not its own
                *COMMON,
                *FLAGS[build],
            ]
        ).encode()
    ).hexdigest()[:24]
    kept = cache / key / source.name
    if kept.exists():
        os.utime(kept.parent)
        return Compiled(kept, (kept.parent / "said").read_text())
    cache.mkdir(parents=True, exist_ok=True)
    with (
        precompiled(_first_headers(source) if confined else [], build, compilers) as ready,
        tempfile.TemporaryDirectory(dir=cache, prefix="new-") as new,
    ):
        out = Path(new)
        source.write_to(out / "source")
        command = _compiler(source, build, confined, colour, out)
        killed = processes.killed_for_memory()
        if ready:
            faster = [*command, "-include", f"{HEADERS}/{BLOCK}"]
            ending, raw = compilers.run_in(out, faster, COMPILER_LIMITS, confined, ready)
        if not ready or BLOCK in raw:  # a file that the source's author has never seen
            ending, raw = compilers.run_in(out, command, COMPILER_LIMITS, confined)
        said = _readable(raw, colour)
        if ending != "succeeded":
            _demand_room(out)
            if processes.killed_for_memory() > killed:  # the compiler, for all we know
                raise CheckerError("the machine ran out of memory while it compiled")
            return Compiled(None, said)
        (out / "said").write_text(said)
        if not kept.parent.exists():
            _keep(out, kept.parent)
    if folder is None:
        _forget_old_builds()
    return Compiled(kept, said)


def _is_c(source: Source) -> bool:
    return all(unit.endswith(".c") for unit in source.units)


def _first_headers(source: Source) -> list[str]:
    """None of a program of several units, which may begin with others each."""
    if len(source.units) > 1 or _is_c(source):
        return []
    return first_headers(source.files[source.units[0]])


def _compiler(source: Source, build: Build, confined: bool, colour: bool, out: Path) -> list[str]:
    """What compiles the source, of which a copy is in `out`."""
    compiler = ["/usr/bin/gcc"] if _is_c(source) else CPP
    inside = Path("/out") if confined else out
    units = [f"./{unit}" if unit[0] in "-@" else unit for unit in source.units]  # gcc(1): @file
    command = [*compiler, *COMMON, *FLAGS[build], *units, "-o", str(inside / source.name)]
    command.append(f"-fdebug-prefix-map={'/source' if confined else out / 'source'}=.")
    if colour:
        command.append("-fdiagnostics-color=always")
    return command


def _demand_room(folder: Path) -> None:
    """Who found no room for the program has failed for no fault of the source. OSError: there is
    less than one may take."""
    with tempfile.TemporaryFile(dir=folder) as file:
        os.posix_fallocate(file.fileno(), 0, COMPILER_LIMITS.file)


def _readable(said: str, colour: bool) -> str:
    """Without what a terminal or a CI service would obey: the compiler quotes the source as it is.
    Colours are the compiler's own, if it was told to use them."""
    pieces = COLOUR.split(said) if colour else [said]
    text = "".join(piece if COLOUR.fullmatch(piece) else plain(piece) for piece in pieces)
    return COMMAND.sub("?", text)


def _keep(new: Path, kept: Path) -> None:
    """Another process may have kept an equal build meanwhile; then ours is not needed."""
    shutil.rmtree(new / "source")
    with suppress(OSError):
        new.rename(kept)
        new.mkdir()  # for the context that will remove it


def _forget_old_builds() -> None:
    """Another process may be doing the same."""
    for last_use, old in beyond(KEPT_BUILDS, CACHE):
        if last_use < time.time() - IN_USE_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
