"""A program's source as it was at one moment, so that no verdict mixes two saves."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from checker.workspace import shown

SOURCES = {".cpp", ".cc", ".cxx", ".c"}
HEADERS = {".h", ".hpp", ".hh", ".inc"}
MAX_BYTES = 4 * 1024 * 1024


class UnusableSourceError(Exception):
    """One line: which file, and what is wrong with it."""


@dataclass(frozen=True)
class Source:
    """`name`: what the binary is called. `files`: path as the compiler will name it → content;
    `units`: those to be compiled, the rest is there for #include."""

    name: str
    files: dict[str, bytes]
    units: tuple[str, ...]

    def sha256(self) -> str:
        """Of names and contents; folders do not count."""
        digest = hashlib.sha256()
        for path, content in sorted(self.files.items()):
            digest.update(f"{Path(path).name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()

    def write_to(self, folder: Path) -> None:
        for path, content in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def read_folder(name: str, folder: Path) -> Source:
    """All C++ files of a task's folder."""
    try:
        units = sorted(path for path in folder.iterdir() if _is_kind(path, SOURCES))
    except OSError as error:
        raise UnusableSourceError(f"{shown(folder)}: {error.strerror}") from error
    if not units:
        raise UnusableSourceError(f"{shown(folder)}: no .cpp file in it")
    return read_files(name, units)


def read_files(name: str, units: list[Path]) -> Source:
    """These files, and the headers beside them."""
    beside = {path.parent for path in units}
    try:
        headers = sorted(p for folder in beside for p in folder.iterdir() if _is_kind(p, HEADERS))
    except OSError as error:
        raise UnusableSourceError(f"{error.filename}: {error.strerror}") from error
    files = {_shown(path): _read(path) for path in [*units, *headers]}
    return Source(name, files, tuple(_shown(path) for path in units))


def _is_kind(path: Path, suffixes: set[str]) -> bool:
    """By the name's end. Hidden files are an editor's: its locks, its copies."""
    return path.suffix in suffixes and not path.name.startswith(".")


def _read(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise UnusableSourceError(f"{shown(path)}: not a file")
        if path.stat().st_size > MAX_BYTES:
            raise UnusableSourceError(f"{shown(path)}: larger than {MAX_BYTES >> 20} MiB")
        return path.read_bytes()
    except OSError as error:
        raise UnusableSourceError(f"{shown(path)}: {error.strerror}") from error


def _shown(path: Path) -> str:
    """Relative to here where it is below here, so that a terminal can make it clickable."""
    relative = os.path.relpath(path)
    return str(path.resolve()).lstrip("/") if relative.startswith("..") else relative
