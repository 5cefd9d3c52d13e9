"""From the chapters to the HTML and the recordings."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from checker import catalog
from checker.sandbox import ROOT

SOURCE = ROOT / "lab-guide"
BUILT = ROOT / "build" / "guide"
HTML = BUILT / "html"
_STAMP = BUILT / "html.built"


def html() -> bool:
    """The pages that a browser shows; what is wrong with a chapter is said on standard error."""
    built = _sphinx("html", HTML)
    if built:
        _STAMP.touch()
    return built


def record() -> bool:
    """Makes the recordings that are missing or stale, which needs an arena."""
    return _sphinx("recordings", BUILT / "recordings")


def single_page() -> Path | None:
    """All chapters on one page, for paper."""
    place = BUILT / "single"
    return place / "index.html" if _sphinx("singlehtml", place) else None


def is_stale() -> bool:
    """Whether the pages are older than something that they are made from."""
    if not _STAMP.exists():
        return True
    built = _STAMP.stat().st_mtime
    return any(path.stat().st_mtime > built for path in _sources())


def _sources() -> list[Path]:
    places = [(SOURCE, "**/*"), (catalog.TASKS, "*/task.toml"), (catalog.SOLUTIONS, "*/main.cpp")]
    places.append((ROOT / "checker" / "guide", "**/*.py"))
    return [path for place, pattern in places for path in place.glob(pattern) if path.is_file()]


def _sphinx(builder: str, out: Path) -> bool:
    """Everything that Sphinx warns of is an error. All pages are read each time (-E): Sphinx does
    not know what they are made from."""
    command = [sys.executable, "-m", "sphinx", "-q", "-E", "-W", "--keep-going", "-n"]
    command += ["-b", builder, "-d", str(BUILT / f"doctrees-{builder}"), str(SOURCE), str(out)]
    return subprocess.run(command, check=False, cwd=ROOT).returncode == 0
