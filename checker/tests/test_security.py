"""SECURITY.md says what the code does."""

from __future__ import annotations

import re

import pytest

from checker import compiler, program, schedule
from checker.grading import gate
from checker.sandbox import (
    COMPILER_LIMITS,
    FILES_TOGETHER,
    MEBI,
    MEMORY_TOGETHER,
    PROGRAM_LIMITS,
    ROOT,
    SCRATCH_BYTES,
)
from checker.submission import MAX_FILE

KIBI = 1024
THE_PROGRAM, THE_COMPILER = PROGRAM_LIMITS, COMPILER_LIMITS
LIMITS = {
    "wall time": (schedule.CHECK_SECONDS, compiler.SECONDS),
    "processor time": (THE_PROGRAM.cpu, THE_COMPILER.cpu),
    "memory": (THE_PROGRAM.memory / MEBI, THE_COMPILER.memory / MEBI),
    "memory together": (MEMORY_TOGETHER / MEBI, None),
    "processes and threads": (THE_PROGRAM.processes, THE_COMPILER.processes),
    "descriptors": (THE_PROGRAM.descriptors, THE_COMPILER.descriptors),
    "one file": (THE_PROGRAM.file / MEBI, THE_COMPILER.file / MEBI),
    "each scratch folder": (SCRATCH_BYTES / MEBI, SCRATCH_BYTES / MEBI),
    "files in scratch folders": (FILES_TOGETHER, None),
    "standard output, standard error": (program.OUTPUT_CAP / KIBI, compiler.SAID_CAP / KIBI),
}


def written() -> dict[str, tuple[float | None, float | None]]:
    """The table of limits: the first number in each cell."""
    section = (ROOT / "SECURITY.md").read_text().partition("## Limits")[2].partition("\n## ")[0]
    section = section.partition("\n\n| archives")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return {row[0].strip(): (number(row[1]), number(row[2])) for row in rows[1:]}


def number(cell: str) -> float | None:
    found = re.search(r"[\d,]+", cell)
    return float(found[0].replace(",", "")) if found else None


def test_the_table_of_limits_is_the_codes() -> None:
    told = written()
    assert told.pop("core dumps") == (None, None)
    assert told == LIMITS


def test_the_table_of_what_an_archive_may_have_is_the_codes() -> None:
    table = (ROOT / "SECURITY.md").read_text().partition("| archives handed in")[2]
    rows = [line.strip("|").split("|") for line in table.partition("\n\n")[0].splitlines()[2:]]
    assert {row[0].strip(): number(row[1]) for row in rows} == {
        "packed, each": gate.MAX_ARCHIVE / MEBI,
        "unpacked, together": gate.MAX_UNPACKED / MEBI,
        "files, folders and links": gate.MAX_ENTRIES,
        "one source file": MAX_FILE / MEBI,
        "source together": gate.MAX_KEPT / MEBI,
    }


@pytest.mark.parametrize("limits", [PROGRAM_LIMITS, COMPILER_LIMITS])
def test_every_limit_of_a_process_is_set(limits: object) -> None:
    assert all(vars(limits).values())
