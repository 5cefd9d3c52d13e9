"""Submissions as students and learning platforms make them."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from pathlib import Path

from checker.submission import SCHEMA

PROGRAM = b"int main() {}\n"


def manifest(
    student_id: str, name: str = "Ana", packed: str = "2024-03-01T10:00:00+00:00"
) -> bytes:
    """What `lab submit` writes."""
    fields = {"schema": SCHEMA, "name": name, "id": student_id, "packed": packed, "files": []}
    return json.dumps(fields).encode()


def tar(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    """A tar file of these."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]  # typeshed wants a literal
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip file of these."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def put(folder: Path, files: dict[str, bytes]) -> Path:
    """Writes these below the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder
