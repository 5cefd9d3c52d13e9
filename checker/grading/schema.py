"""The ledger's tables, and a clear sentence for everything that a database can have against us."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checker.grading.refused import LedgerError

APPLICATION = 0x4C4F4F50
VERSION = 1
TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE submissions (student TEXT PRIMARY KEY, place INTEGER NOT NULL,
  submission BLOB NOT NULL);
CREATE TABLE handed_in (student TEXT, task TEXT, source TEXT NOT NULL, PRIMARY KEY (student, task));
CREATE TABLE sources (source TEXT PRIMARY KEY, content BLOB NOT NULL);
CREATE TABLE attempts (task TEXT, source TEXT, checker TEXT, toolchain TEXT, seed INTEGER,
  number INTEGER, outcome TEXT NOT NULL, verdict TEXT NOT NULL, started TEXT NOT NULL,
  seconds REAL NOT NULL, alone INTEGER NOT NULL, trouble TEXT NOT NULL, result BLOB,
  PRIMARY KEY (task, source, checker, toolchain, seed, number));
CREATE VIEW attempts_without_results AS SELECT task, source, checker, toolchain, seed, number,
  outcome, verdict, started, seconds, alone, trouble FROM attempts;
"""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_SCHEMA}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_FORBIDDEN = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


@contextmanager
def clearly(path: Path) -> Iterator[None]:
    """Turns an error of the database into a LedgerError, a full disk into an OSError."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        raise LedgerError(f"{path}: {_sentence(code, error)}") from error


def _sentence(code: int, error: sqlite3.Error) -> str:
    if code in _BUSY:
        return "this class is being graded just now: wait for that, or end it"
    if code in _FORBIDDEN:
        return "it cannot be written: make it writable, or choose another --out"
    if code in _DAMAGED:
        return "the ledger is damaged: restore a copy, or move it away and grade again"
    return f"the ledger cannot be used ({error})"


def prepare(base: sqlite3.Connection, path: Path, alone: bool) -> None:
    """Makes the tables in a new file, and refuses one that is no ledger of this version. `alone`:
    keeps everybody else out."""
    base.execute("PRAGMA synchronous = FULL")
    if alone:
        base.execute("PRAGMA locking_mode = EXCLUSIVE")
    base.execute("BEGIN EXCLUSIVE" if alone else "BEGIN")
    (application,) = base.execute("PRAGMA application_id").fetchone()
    (version,) = base.execute("PRAGMA user_version").fetchone()
    (tables,) = base.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if not tables and alone:
        for statement in TABLES.split(";\n"):
            base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {VERSION}")
    elif application != APPLICATION:
        raise LedgerError(f"{path}: this is no ledger of `lab grade`: choose another --out")
    elif version != VERSION:
        which = "a newer" if version > VERSION else "an older"
        raise LedgerError(f"{path}: {which} Loopback made it (schema {version}, not {VERSION})")
    base.execute("COMMIT")
    (health,) = base.execute("PRAGMA quick_check(1)").fetchone()
    if health != "ok":
        raise LedgerError(f"{path}: {_sentence(sqlite3.SQLITE_CORRUPT, sqlite3.Error())}")
