"""A copy of this repository that is ready to run, for tests of what changes one or leaves it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from checker.sandbox import ROOT


def copy_to(folder: Path) -> Path:
    """Every file that git keeps here, or would, in a repository of its own; and made ready."""
    kept = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(kept, cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        if (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return make_ready(folder)


def make_ready(folder: Path) -> Path:
    """Lends it what `scripts/setup` has made here, as if it had been run there just now."""
    environment = folder / ".venv"
    environment.mkdir()
    for part in (ROOT / ".venv").iterdir():
        (environment / part.name).symlink_to(part)
    ready = environment / ".ready"
    ready.unlink()
    ready.touch()
    (folder / "build").symlink_to(ROOT / "build")
    return folder


def run(*command: str | Path, at: Path) -> subprocess.CompletedProcess[str]:
    """Runs it in a copy, with the copy's own checker."""
    own = {"PYTHONPATH": str(at), "PATH": f"{at}/.venv/bin:{os.environ['PATH']}", "HOME": str(at)}
    words = [str(word) for word in command]
    return subprocess.run(
        words, cwd=at, env=own, capture_output=True, text=True, check=False, timeout=120
    )
