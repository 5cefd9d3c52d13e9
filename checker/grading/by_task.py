"""From the files of a submission to the sources of its tasks.

A task's files are found in a folder, at any depth, that is called like the task:
`10-tcp-server/`, `tcp-server/` or `10/`; else as one file `10-tcp-server.cpp`, `tcp-server.cpp`
or `10.cpp`, with the headers beside it. Big and small letters are one, and so are `-`, `_` and a
space. Of several folders of one task the one nearest to the top counts."""

from __future__ import annotations

import re
from collections import defaultdict

from checker.catalog import tasks
from checker.grading import paths
from checker.grading.trouble import Trouble
from checker.source import Source

Folder = dict[str, bytes]
"""File name → content."""
COPY = re.compile(r"( ?\(\d+\)|-\d+)$")
"""What browsers and Canvas add to the name of a file that is there already."""


def sources(files: dict[str, bytes], slugs: dict[str, str], trouble: Trouble) -> dict[str, Source]:
    """Task slug → its files, by their plain names. `slugs`: what tasks are called → their slugs."""
    folders: dict[str, Folder] = defaultdict(dict)
    for path, content in sorted(files.items()):
        folder, _, name = path.rpartition("/")
        if name != paths.MANIFEST:
            folders[folder][name] = content
    found: dict[str, dict[str, Folder]] = defaultdict(dict)
    for place, folder_files in folders.items():
        slug = _slug_of_folder(place, slugs)
        if slug and any(map(paths.is_source, folder_files)):
            found[slug][place] = folder_files
        elif not slug:
            _add_flat(place, folder_files, slugs, found, trouble)
    return {slug: _best(slug, found[slug], trouble) for slug in sorted(found)}


def slugs() -> dict[str, str]:
    """All that a task may be called → its slug."""
    return {
        called: task.slug
        for task in tasks()
        for called in (task.slug, task.name, task.number, str(int(task.number)))
    }


def _called(name: str, slugs: dict[str, str]) -> str | None:
    return slugs.get(re.sub(r"[\s_]+", "-", name.casefold()))


def _slug_of_folder(place: str, slugs: dict[str, str]) -> str | None:
    """By the innermost folder that is called like a task."""
    named = (_called(part, slugs) for part in reversed(place.split("/")))
    return next((slug for slug in named if slug), None)


def _add_flat(
    place: str,
    files: Folder,
    slugs: dict[str, str],
    found: dict[str, dict[str, Folder]],
    trouble: Trouble,
) -> None:
    headers = {name: files[name] for name in files if not paths.is_source(name)}
    for name in sorted(files.keys() - headers):
        stem = name.rpartition(".")[0]
        slug = _called(stem, slugs) or _called(COPY.sub("", stem), slugs)
        path = f"{place}/{name}".lstrip("/")
        if slug:
            found[slug][path] = {name: files[name]} | headers
        else:
            trouble.add("of no task", path)


def _best(slug: str, candidates: dict[str, Folder], trouble: Trouble) -> Source:
    """Nearest to the top; a folder before a file, and then by name."""
    first, *others = sorted(
        candidates, key=lambda place: (place.count("/"), paths.is_source(place), place)
    )
    files = candidates[first]
    if any(candidates[other] != files for other in others):
        trouble.add(f"several of {slug}, the first counts", ", ".join([first, *others[:2]]))
    return Source(slug, files, tuple(name for name in files if paths.is_source(name)))
