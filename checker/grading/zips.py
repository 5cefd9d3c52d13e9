"""Zip files of strangers: only `store` and `deflate`, which unpack bit by bit."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, cast

from checker.grading.damage import MIB, Spend, UnreadableError, telling_damage
from checker.grading.entries import Entry, kind_of

STUDENTS_DIRECTORY, EXPORTS_DIRECTORY = 4 * MIB, 64 * MIB
"""Bytes that a table of contents may have; it is read as a whole."""
ENCRYPTED, SAYS_UTF_8 = 0x1, 0x800
"""Flags of an entry: APPNOTE.TXT, 4.4.4."""
FILE_TYPE = 0o170000


def zip_entries(file: IO[bytes], directory: int, spend: Spend) -> Iterator[Entry]:
    """What a zip file holds, to be read in any order while `file` is open. `directory`: one of the
    two limits above. UnreadableError when it is none, or damaged."""
    with telling_damage():
        opened = zipfile.ZipFile(cast(IO[bytes], _Bounded(file, directory)))
    for info in opened.infolist():
        mode, name = info.external_attr >> 16, _zip_name(info)
        kind = "folder" if name.endswith("/") else kind_of(mode) if mode & FILE_TYPE else "file"
        yield Entry(name, kind, info.file_size, _zip_reader(opened, info, spend))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Many programs write UTF-8 and do not say so; those of Windows may write backslashes."""
    name = info.filename
    if not info.flag_bits & SAYS_UTF_8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name.replace("\\", "/")


def _zip_reader(
    opened: zipfile.ZipFile, info: zipfile.ZipInfo, spend: Spend
) -> Callable[[], bytes]:
    def read() -> bytes:
        if info.flag_bits & ENCRYPTED:
            raise UnreadableError("encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableError("packed neither by `store` nor by `deflate`")
        spend(info.file_size)
        with telling_damage(), opened.open(info) as unpacked:
            return unpacked.read(info.file_size + 1)  # to the end, where the check sum is

    return read


class _Bounded:
    """A file of which no more is read at once than `most` bytes."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._most = file, most
        self.seek, self.tell = file.seek, file.tell

    def seekable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise UnreadableError("a zip file with a table of contents without end")
        return self._file.read(size if size >= 0 else self._most)
