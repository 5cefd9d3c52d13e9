"""What the recipes' tests share: a student's folder, and a platform that forbids the arena."""

from __future__ import annotations

import subprocess
from pathlib import Path

from checker.sandbox import ROOT
from checker.tests.command import SECONDS, environment, lab

RECIPES = ROOT / "scripts" / "recipes"
TASK = "01-gethostname"
BROKEN = "int main( {\n"
FORBIDS: tuple[str, ...] = (
    *("unshare", "--user", "--map-root-user", "sh", "-c"),
    *('echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"', "sh"),
)
"""Starts a command where the kernel allows no user namespace, as in many containers."""


def run(
    *command: str | Path, at: Path, through: tuple[str, ...] = (), **variables: str
) -> subprocess.CompletedProcess[str]:
    assert lab("--help", at=at).status == 0  # whatever has changed is set up
    return subprocess.run(
        [*through, *map(str, command)],
        cwd=at,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def hands_in(folder: Path, source: str) -> None:
    (folder / TASK).mkdir(parents=True)
    (folder / TASK / "main.cpp").write_text(source)


def solution() -> str:
    return (ROOT / "solutions" / TASK / "main.cpp").read_text()


def all_tasks() -> list[str]:
    return sorted(path.name for path in (ROOT / "tasks").iterdir())
