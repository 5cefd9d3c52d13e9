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
    file = place.program(chosen(place, name))
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(wanted)
    except ValueError as error:
        raise WorkspaceError(f"$VISUAL or $EDITOR is “{wanted}”: {error}") from error
    if not command:
        raise WorkspaceError(f"set $VISUAL or $EDITOR, or open {shown(file)} yourself")
    if not shutil.which(command[0]):
        raise WorkspaceError(f"the editor “{command[0]}” is not there; set $VISUAL to another one")
    return subprocess.run([*command, str(file)], check=False).returncode
