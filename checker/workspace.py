"""Where a student works: a folder per task, made from the skeletons, never overwritten."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from checker.catalog import Task, tasks
from checker.sandbox import ROOT

HOME = ROOT / "work"
POINTER = ROOT / ".cache" / "workspace"
RECORDS = ".lab"


class WorkspaceError(Exception):
    """One line: what is wrong with the workspace, and what to do."""


def write_whole(path: Path, text: str) -> None:
    """Replaces a file at once, so that a full disk or a Ctrl-C leaves the old one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        new.write_text(text)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


@dataclass(frozen=True)
class Workspace:
    """`folder` holds one folder per task, and the records in `.lab`."""

    folder: Path

    @property
    def records(self) -> Path:
        return self.folder / RECORDS

    def of(self, task: Task) -> Path:
        """The student's folder for that task."""
        return self.folder / task.slug

    def program(self, task: Task) -> Path:
        return self.of(task) / "main.cpp"

    def is_started(self) -> bool:
        return self.records.is_dir()

    def untouched(self, task: Task) -> bool:
        """The student has not changed the skeleton yet."""
        return _hash(self.program(task)) == self._given().get(task.slug)

    def start(self) -> list[str]:
        """Adds what is missing and refreshes what the student has not touched; the slugs of the
        tasks that were added or refreshed."""
        given = self._given()
        changed = []
        for task in tasks():
            target, skeleton = self.program(task), task.skeleton.read_text()
            fresh = hashlib.sha256(skeleton.encode()).hexdigest()
            now = _hash(target)
            if now is None or (now == given.get(task.slug) and now != fresh):
                write_whole(target, skeleton)
                given[task.slug] = fresh
                changed.append(task.slug)
        write_whole(self.records / "given.json", json.dumps(given, indent=1))
        self._write_compile_commands()
        if self.folder != HOME:
            write_whole(POINTER, str(self.folder))
        else:
            POINTER.unlink(missing_ok=True)
        return changed

    def reset(self, task: Task) -> Path | None:
        """Restores the skeleton; the old file stays beside it, under the name returned."""
        target = self.program(task)
        kept = None
        if target.exists() and not self.untouched(task):
            stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
            kept = target.with_name(f"{target.name}.{stamp}")
            number = 1
            while kept.exists():
                number += 1
                kept = target.with_name(f"{target.name}.{stamp}-{number}")
            target.rename(kept)
        write_whole(target, task.skeleton.read_text())
        given = self._given() | {task.slug: _hash(target) or ""}
        write_whole(self.records / "given.json", json.dumps(given, indent=1))
        return kept

    def _given(self) -> dict[str, str]:
        """Task → hash of the skeleton that the student was given."""
        try:
            read: Any = json.loads((self.records / "given.json").read_text())
        except (OSError, ValueError):
            return {}  # unknown: then nothing counts as untouched, and nothing is overwritten
        return read if isinstance(read, dict) else {}

    def _write_compile_commands(self) -> None:
        entries = [
            {
                "directory": str(self.of(task)),
                "file": "main.cpp",
                "arguments": ["g++", "-std=c++20", "-Wall", "-Wextra", "-c", "main.cpp"],
            }
            for task in tasks()
        ]
        write_whole(self.folder / "compile_commands.json", json.dumps(entries, indent=1))


def current() -> Workspace:
    """The one around the current folder, else the one that was started last, else `work/`."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / RECORDS).is_dir():
            return Workspace(folder)
    try:
        return Workspace(Path(POINTER.read_text()))
    except OSError:
        return Workspace(HOME)


def started() -> Workspace:
    """The current workspace. WorkspaceError when there is none yet."""
    workspace = current()
    if not workspace.is_started():
        raise WorkspaceError(f"{shown(workspace.folder)} is no workspace yet: run `./lab start`")
    return workspace


def shown(path: Path) -> str:
    """Relative to here where that is shorter."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("../..") else relative


def _hash(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
