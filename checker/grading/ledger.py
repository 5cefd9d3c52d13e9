"""The durable record of grading a class: what was handed in, and every attempt to judge it.

A record is only ever added, in a transaction of its own, so `kill -9` loses at most the judgings
that were under way. A rollback journal, not a write-ahead log: that one needs shared memory, which
network drives do not have."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from checker.grading.attempts import Attempt, Key, Standing
from checker.grading.handed_in import Submission
from checker.grading.refused import LedgerError
from checker.grading.schema import clearly, prepare
from checker.results import Result
from checker.source import Source

FILE = "ledger.sqlite"
Kind = TypeVar("Kind")
KEY = "task = ? AND source = ? AND checker = ? AND toolchain = ? AND seed = ?"


class Enrolled(msgspec.Struct, frozen=True):
    """A submission as the ledger knows it: `sources` leads from a task to its source's hash."""

    submission: Submission
    sources: dict[str, str]


class _Content(msgspec.Struct):
    files: dict[str, bytes]
    units: tuple[str, ...]


class Ledger:
    """The one in this folder, which is made where it is missing, unless it is only to be `read`.
    While it is open for writing nobody else can open it. LedgerError: one line."""

    def __init__(self, folder: Path, read: bool = False) -> None:
        self.folder = folder
        self.path = folder / FILE
        if read and not self.path.is_file():
            raise LedgerError(f"{folder}: no class was graded there ({FILE} is missing)")
        if folder.exists() and not folder.is_dir():
            raise LedgerError(f"{folder}: that is no folder: choose another --out")
        folder.mkdir(parents=True, exist_ok=True)
        with clearly(self.path):
            self._base = sqlite3.connect(self.path, timeout=1, isolation_level=None)
            try:
                prepare(self._base, self.path, alone=not read)
            except BaseException:
                self._base.close()
                raise

    def close(self) -> None:
        self._base.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fact(self, name: str) -> str | None:
        """What was remembered under that name."""
        for (value,) in self._rows("SELECT value FROM facts WHERE name = ?", name):
            return str(value)
        return None

    def remember(self, name: str, value: str) -> None:
        self._rows("INSERT OR REPLACE INTO facts VALUES (?, ?)", name, value)

    def enrol(self, submissions: list[Submission]) -> None:
        """These are the class now. The attempts at what others handed in before stay."""
        with self._transaction():
            self._rows("DELETE FROM submissions")
            self._rows("DELETE FROM handed_in")
            for place, each in enumerate(submissions):
                known = msgspec.structs.replace(each, sources={})
                self._insert("submissions", (each.student.id, place, msgspec.json.encode(known)))
                for task, source in each.sources.items():
                    self._keep(source)
                    self._insert("handed_in", (each.student.id, task, source.sha256()))

    def enrolled(self) -> list[Enrolled]:
        """The class, in the order in which it was enrolled."""
        sources: dict[str, dict[str, str]] = {}
        for student, task, source in self._rows("SELECT * FROM handed_in ORDER BY task"):
            sources.setdefault(student, {})[task] = source
        rows = self._rows("SELECT student, submission FROM submissions ORDER BY place")
        return [
            Enrolled(msgspec.json.decode(known, type=Submission), sources.get(student, {}))
            for student, known in rows
        ]

    def source(self, task: str, source: str) -> Source:
        """The files with that hash, as the program of that task."""
        for (packed,) in self._rows("SELECT content FROM sources WHERE source = ?", source):
            content = msgspec.msgpack.decode(zlib.decompress(packed), type=_Content)
            return Source(task, content.files, content.units)
        raise LedgerError(f"{self.path}: it has no source {source[:12]}: grade the class again")

    def record(self, key: Key, attempt: Attempt, result: Result | None) -> None:
        """Adds an attempt; there is no way to change one."""
        packed = zlib.compress(msgspec.json.encode(result)) if result else None
        self._add(key, attempt, packed)

    def standings(self) -> dict[Key, Standing]:
        """Of every verdict that was ever tried."""
        found: dict[Key, list[Attempt]] = {}
        order = "ORDER BY task, source, checker, toolchain, seed, number"
        for row in self._rows(f"SELECT * FROM attempts_without_results {order}"):
            found.setdefault(Key(*row[:5]), []).append(_attempt(row[6:]))
        return {key: Standing(tuple(attempts)) for key, attempts in found.items()}

    def standing(self, key: Key) -> Standing:
        sql = f"SELECT * FROM attempts_without_results WHERE {KEY} ORDER BY number"
        return Standing(tuple(_attempt(row[6:]) for row in self._rows(sql, *_values(key))))

    def counted(self, key: Key, kind: type[Kind]) -> Kind | None:
        """The result that counts, decoded as a Result or a struct of fewer fields; None when no
        attempt came to one."""
        number = self.standing(key).counts
        sql = f"SELECT result FROM attempts WHERE {KEY} AND number = ?"
        for (packed,) in self._rows(sql, *_values(key), number):
            return msgspec.json.decode(zlib.decompress(packed), type=kind) if packed else None
        return None

    def copy_class(self, other: Ledger) -> None:
        """What was handed in, and what was remembered, as the other one has it."""
        with self._transaction():
            for table in ("facts", "submissions", "handed_in"):
                for row in other._rows(f"SELECT * FROM {table}"):
                    self._insert(table, row)

    def take_over(self, other: Ledger) -> None:
        """Adds what another shard of the same class has, once."""
        with self._transaction():
            for row in other._rows("SELECT * FROM sources"):
                self._insert("sources", row)
            for row in other._rows("SELECT * FROM attempts ORDER BY number"):
                key, attempt = Key(*row[:5]), _attempt(row[6:-1])
                if attempt not in self.standing(key).attempts:
                    self._add(key, attempt, row[-1])

    def dump(self) -> list[tuple[Any, ...]]:
        """All facts, in one order: everything but when an attempt was made, how long it took, and
        the timelines and words that go with it."""
        columns = "task, source, checker, toolchain, seed, number, alone, outcome, verdict, trouble"
        wanted = (
            "SELECT * FROM facts ORDER BY name",
            "SELECT * FROM submissions ORDER BY place",
            "SELECT * FROM handed_in ORDER BY student, task",
            "SELECT * FROM sources ORDER BY source",
            f"SELECT {columns} FROM attempts ORDER BY {columns}",
        )
        return [row for sql in wanted for row in self._rows(sql)]

    def _keep(self, source: Source) -> None:
        content = msgspec.msgpack.encode(_Content(source.files, source.units))
        self._insert("sources", (source.sha256(), zlib.compress(content)))

    def _add(self, key: Key, attempt: Attempt, packed: bytes | None) -> None:
        number = len(self.standing(key).attempts) + 1
        said = (attempt.outcome, attempt.verdict, attempt.started, attempt.seconds)
        row = (*_values(key), number, *said, attempt.alone, attempt.trouble, packed)
        self._insert("attempts", row)

    def _insert(self, table: str, row: tuple[Any, ...]) -> None:
        """Sources may be there already; all else is new."""
        verb = "INSERT OR IGNORE" if table == "sources" else "INSERT"
        self._rows(f"{verb} INTO {table} VALUES ({', '.join('?' * len(row))})", *row)

    def _rows(self, sql: str, *values: object) -> Iterator[tuple[Any, ...]]:
        with clearly(self.path):
            cursor = self._base.execute(sql, values)
        return self._fetched(cursor)

    def _fetched(self, cursor: sqlite3.Cursor) -> Iterator[tuple[Any, ...]]:
        with clearly(self.path):
            yield from cursor

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._rows("BEGIN IMMEDIATE")
        try:
            yield
            self._rows("COMMIT")
        except BaseException:
            if self._base.in_transaction:
                self._base.execute("ROLLBACK")
            raise


def _values(key: Key) -> tuple[str, str, str, str, int]:
    return key.task, key.source, key.checker, key.toolchain, key.seed


def _attempt(row: tuple[Any, ...]) -> Attempt:
    outcome, verdict, started, seconds, alone, trouble = row
    return Attempt(outcome, verdict, started, seconds, bool(alone), trouble)
