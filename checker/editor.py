"""`lab open`: the student's own editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

from checker.reports.lessons import chosen
from checker.workspace import Workspace, WorkspaceError, shown


def edit(place: Workspace, name: str | None) -> int:
    """Opens the task's file; the editor's exit status."""
    return subprocess.run(command(place, name), check=False).returncode


def command(place: Workspace, name: str | None) -> list[str]:
    """The one that opens the task's file."""
    file = place.program(chosen(place, name))
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(wanted)
    except ValueError as error:
        raise WorkspaceError(f"$VISUAL or $EDITOR is “{wanted}”: {error}") from error
    if not words:
        raise WorkspaceError(f"set $VISUAL or $EDITOR, or open {shown(file)} yourself")
    if not shutil.which(words[0]):
        raise WorkspaceError(f"the editor “{words[0]}” is not there; set $VISUAL to another one")
    return [*words, str(file)]
