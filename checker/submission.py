"""`lab submit`: one archive of a student's sources, with a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path

from checker import __version__, progress
from checker.catalog import tasks
from checker.source import HEADERS, SOURCES
from checker.workspace import Workspace, WorkspaceError, shown

SCHEMA = "loopback/submission@1"
MAX_FILE = 4 * 1024 * 1024


def pack(place: Workspace, name: str, student_id: str, out: Path | None) -> str:
    """Writes the archive, at once or not at all; a sentence on what is in it.

    The manifest gives name and id as the student gave them, and for each file its SHA-256, its
    size in bytes and when it was last changed (ISO 8601, UTC)."""
    if not name.strip() or not student_id.strip():
        raise WorkspaceError("a submission needs your name and your student id")
    files = _sources(place)
    if not files:
        raise WorkspaceError(f"{shown(place.folder)} has no source to hand in")
    safe = re.sub(r"[^A-Za-z0-9-]+", "-", student_id).strip("-") or "student"
    target = out or Path(f"loopback-{safe}.tar.gz")
    if target.exists() and not tarfile.is_tarfile(target):
        raise WorkspaceError(f"{target} is there already, and no archive: choose another name")
    contents = {path: path.read_bytes() for path in files}
    manifest = {
        "schema": SCHEMA,
        "name": name.strip(),
        "id": student_id.strip(),
        "checker": __version__,
        "packed": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": [_entry(place, path, content) for path, content in contents.items()],
    }
    new = target.with_name(f".{target.name}.new")
    try:
        with tarfile.open(new, "w:gz") as archive:
            _add(archive, "manifest.json", json.dumps(manifest, indent=1).encode())
            for path, content in contents.items():
                _add(archive, str(path.relative_to(place.folder)), content)
        new.replace(target)
    except OSError as error:
        error.filename = str(target)
        raise
    finally:
        new.unlink(missing_ok=True)
    done = sum(standing.done for standing in progress.standings(place))
    return f"{target}: {len(files)} files of {len({p.parent for p in files})} tasks, {done} done"


def _sources(place: Workspace) -> list[Path]:
    """Regular files only: a link could lead anywhere."""
    found = []
    for task in tasks():
        folder = place.of(task)
        for path in sorted(folder.iterdir()) if folder.is_dir() else []:
            if path.suffix in SOURCES | HEADERS and path.is_file() and not path.is_symlink():
                if path.stat().st_size > MAX_FILE:
                    raise WorkspaceError(f"{shown(path)} is larger than {MAX_FILE >> 20} MiB")
                found.append(path)
    return found


def _entry(place: Workspace, path: Path, content: bytes) -> dict[str, str | int]:
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return {
        "path": str(path.relative_to(place.folder)),
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "changed": changed.isoformat(timespec="seconds"),
    }


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime = len(content), int(time.time())
    archive.addfile(entry, io.BytesIO(content))
