"""Where a student works: a folder per task, made from the skeletons, never overwritten."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from checker.catalog import Task, tasks
from checker.sandbox import ROOT

HOME = ROOT / "work"
COMMAND = ROOT / "lab"
RECORDS = ".lab"
COMPILE_COMMANDS = "compile_commands.json"


class WorkspaceError(Exception):
    """One line: what is wrong with the workspace, and what to do."""


Put = Callable[[Path, str], None]
"""How a text becomes a file: it appears whole or not at all."""


def write_whole(path: Path, text: str) -> None:
    """Replaces a file at once, so that a full disk or a Ctrl-C leaves the old one whole."""
    new = path.with_name(f".{path.name}.{threading.get_native_id()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text)
        new.replace(path)
    except OSError as error:
        error.filename = str(path)
        raise
    finally:
        with suppress(OSError):
            new.unlink()


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
        given = self._given().get(task.slug)
        return given is not None and _hash(self.program(task)) == given

    def start(self) -> list[str]:
        """Adds what is missing and refreshes what the student has not touched; the slugs of the
        tasks that were added or refreshed."""
        given = self._given()
        changed = [
            task.slug
            for task in tasks()
            if self._give(task.slug, self.program(task), task.skeleton.read_text(), given)
        ]
        path = self.folder / COMPILE_COMMANDS
        self._give(COMPILE_COMMANDS, path, self._compile_commands(), given)
        self._remember(given)
        self._link_command()
        return changed

    def reset(self, task: Task) -> Path | None:
        """Restores the skeleton; the old file stays beside it, under the name returned."""
        target, skeleton = self.program(task), task.skeleton.read_text()
        kept = _copy_beside(target) if target.exists() and not self.untouched(task) else None
        write_whole(target, skeleton)
        self._remember(self._given() | {task.slug: _digest(skeleton.encode())})
        return kept

    def _give(self, name: str, path: Path, text: str, given: dict[str, str]) -> bool:
        """Writes a file that is missing, or that is still as it was given; tells whether it did."""
        fresh = _digest(text.encode())
        if os.path.lexists(path) and (
            given.get(name) in (None, fresh) or _hash(path) != given[name]
        ):
            return False
        write_whole(path, text)
        given[name] = fresh
        return True

    def _link_command(self) -> None:
        """`./lab` shall work from the workspace too. Some network drives know no links."""
        link = self.folder / COMMAND.name
        with suppress(OSError):
            if link.is_symlink():
                link.unlink()
            link.symlink_to(COMMAND)

    def _given(self) -> dict[str, str]:
        """Task → hash of the skeleton that the student was given; the same for other files."""
        try:
            read: Any = json.loads((self.records / "given.json").read_text())
        except (OSError, ValueError):
            return {}  # unknown: then nothing counts as untouched, and nothing is overwritten
        return read if isinstance(read, dict) else {}

    def _remember(self, given: dict[str, str]) -> None:
        write_whole(self.records / "given.json", json.dumps(given, indent=1))

    def _compile_commands(self) -> str:
        entries = [
            {
                "directory": str(self.of(task)),
                "file": "main.cpp",
                "arguments": ["g++", "-std=c++20", "-Wall", "-Wextra", "-c", "main.cpp"],
            }
            for task in tasks()
        ]
        return json.dumps(entries, indent=1)


def current() -> Workspace:
    """The one around the current folder, else `work/`."""
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise WorkspaceError("the current folder is gone: cd to another one") from error
    for folder in (here, *here.parents):
        if (folder / RECORDS).is_dir():
            return Workspace(folder)
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


def _copy_beside(path: Path) -> Path:
    """A copy of the file, under a name with the time in it that no file has yet."""
    content, stamp = path.read_bytes(), datetime.now().strftime("%Y%m%d-%H%M%S")
    for number in count(1):
        copy = path.with_name(f"{path.name}.{stamp}" + (f"-{number}" if number > 1 else ""))
        try:
            file = copy.open("xb")
        except FileExistsError:
            continue
        try:
            with file:
                file.write(content)
        except BaseException:
            copy.unlink()
            raise
        return copy
    raise AssertionError("numbers have no end")


def _hash(path: Path) -> str | None:
    try:
        return _digest(path.read_bytes())
    except OSError:
        return None


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
