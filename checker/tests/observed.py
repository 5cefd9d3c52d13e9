"""Small programs with the observer in them, outside every arena."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
from pathlib import Path

from checker.observer import Recording, Ring, environment, image
from checker.tests.programs import KEPT, code


def built(compiler: str, text: str) -> Path:
    """The program made by `compiler` (with its options) of this text, compiled once."""
    command = shlex.split(compiler)
    suffix = "c" if Path(command[0]).name in {"gcc", "clang"} else "cpp"
    name = hashlib.sha256(f"{compiler}\n{text}".encode()).hexdigest()[:16]
    program = KEPT / f"observed-{name}"
    if not program.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        new = program.with_suffix(f".{os.getpid()}")
        options = [*command, "-w", "-x", "c++" if suffix == "cpp" else "c", "-", "-o", str(new)]
        subprocess.run(options, input=text, text=True, check=True)
        new.rename(program)
    return program


def observed(
    folder: Path,
    body: str,
    *arguments: str,
    faults: str = "",
    headers: tuple[str, ...] = (),
    capacity: int = 1024,
) -> tuple[Recording, str, int]:
    """What was recorded of this body of `main`, what it printed, and its exit status."""
    includes = "".join(f"#include <{header}>\n" for header in headers)
    program = built("g++ -std=c++20", includes + code(body))
    return observed_program(folder, program, *arguments, faults=faults, capacity=capacity)


def observed_program(
    folder: Path, program: Path, *arguments: str, faults: str = "", capacity: int = 1024
) -> tuple[Recording, str, int]:
    path = ring_file(folder, faults, capacity)
    with Ring(path, capacity) as ring:
        done = subprocess.run(
            [program, *arguments],
            env={"PATH": os.environ["PATH"], **environment(str(path))},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        return ring.read(), done.stdout, done.returncode


def ring_file(folder: Path, faults: str = "", capacity: int = 1024) -> Path:
    """A new ring in that folder."""
    path = folder / "ring"
    path.write_bytes(image(faults, capacity=capacity))
    return path
