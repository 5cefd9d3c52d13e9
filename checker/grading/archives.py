"""Zip and tar archives of strangers, read in memory: nothing is ever written by a name in them.

What an archive says about itself is a claim. No read is longer than what the gate still allows,
headers included, whatever sizes and counts are written in them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from checker.grading.entries import Entry, kind_of

MIB = 1024 * 1024
XZ_MEMORY = 100 * MIB
"""`xz -9` needs 65 MiB to unpack."""
ZIP_DIRECTORY = 4 * MIB
EXPORT_DIRECTORY = 64 * MIB
TAR_HEADER = 8 * 1024
TAR_HEADERS = 512 * 1024
"""One entry's, and all that are longer than a block: tarfile may need time that grows with a
header's square (CVE-2024-6232)."""
ENCRYPTED, SAYS_UTF_8 = 0x1, 0x800
"""Flags of an entry: APPNOTE.TXT, 4.4.4."""
FILE_TYPE = 0o170000

Spend = Callable[[int], None]
"""Told of bytes before they are unpacked; raises when they are too many."""


class UnreadableError(Exception):
    """A clause: why an archive, or one file in it, cannot be read."""


class OverLimitError(Exception):
    """A clause: which limit. What came before it counts."""


def entries(packed: bytes, spend: Spend) -> Iterator[Entry]:
    """What the archive holds, in its order; each entry is read before the next is asked for.

    UnreadableError, also in the middle, when it is damaged or no archive that is known here."""
    if packed.startswith(b"PK"):
        return zip_entries(io.BytesIO(packed), ZIP_DIRECTORY, spend)
    if packed.startswith((b"7z\xbc\xaf\x27\x1c", b"Rar!")):
        raise UnreadableError("neither a zip nor a tar file")
    return _tar_entries(packed, spend)


@contextmanager
def _telling_damage() -> Iterator[None]:
    """A stranger's bytes can make the libraries raise anything."""
    try:
        yield
    except (UnreadableError, OverLimitError):
        raise
    except Exception as error:
        raise UnreadableError("damaged, or no archive") from error


def zip_entries(file: IO[bytes], directory: int, spend: Spend) -> Iterator[Entry]:
    """The same of a zip file, whose entries can be read in any order while `file` is open;
    `directory`: how many bytes its table of contents may have."""
    with _telling_damage():
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
        with _telling_damage(), opened.open(info) as unpacked:
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


def _unpacked(file: IO[bytes], magic: bytes) -> IO[bytes]:
    if magic.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if magic.startswith(b"BZh"):
        return cast(IO[bytes], bz2.BZ2File(file))
    if magic == b"\xfd7zXZ\x00":
        return cast(IO[bytes], _Xz(file))
    return file


class _Xz(io.RawIOBase):
    """lzma's own file would take the memory that the archive asks for."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._xz = file, lzma.LZMADecompressor(memlimit=XZ_MEMORY)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        got = b""
        while len(got) < size and not self._xz.eof:
            packed = self._file.read(64 * 1024) if self._xz.needs_input else b""
            if self._xz.needs_input and not packed:
                raise EOFError
            got += self._xz.decompress(packed, size - len(got))
        return got


class _Forward:
    """A stream as tarfile sees a file: `read` is for headers, `seek` goes forward only."""

    def __init__(self, stream: IO[bytes], spend: Spend) -> None:
        self._stream, self._spend = stream, spend
        self._place = self._header = self._long = 0
        self._last = b""

    def tell(self) -> int:
        return self._place

    def seek(self, place: int) -> None:
        while self._place < place:
            if not self.take(min(place - self._place, 64 * 1024)):
                raise EOFError

    def read(self, size: int) -> bytes:
        self._header += size
        self._long += size if size > tarfile.BLOCKSIZE else 0
        if self._header > TAR_HEADER or self._long > TAR_HEADERS:
            raise UnreadableError("a tar file with headers without end")
        return self.take(size)

    def take(self, size: int) -> bytes:
        if size < 0:  # a header may say so
            raise EOFError
        self._spend(size)
        self._last = self._stream.read(size)
        self._place += len(self._last)
        return self._last

    def next_header(self) -> None:
        self._header = 0

    def is_at_end(self) -> bool:
        """tarfile takes a broken header for the end, which is a block of zeros."""
        return self._last == bytes(tarfile.BLOCKSIZE)


def _tar_entries(packed: bytes, spend: Spend) -> Iterator[Entry]:
    with _telling_damage():
        forward = _Forward(_unpacked(io.BytesIO(packed), packed[:6]), spend)
        with tarfile.open(fileobj=cast(IO[bytes], forward), mode="r:", encoding="utf-8") as opened:
            while member := opened.next():
                yield Entry(
                    member.name, _tar_kind(member), member.size, _tar_reader(forward, member)
                )
                forward.next_header()
        if not forward.is_at_end():
            raise EOFError


def _tar_kind(member: tarfile.TarInfo) -> str:
    if member.isdir():
        return "folder"
    if member.issparse():
        return "a file with holes"
    if member.isreg():
        return "file"
    if member.issym():
        return "a symbolic link"
    if member.islnk():
        return "a hard link"
    return "a fifo" if member.isfifo() else "a device"


def _tar_reader(forward: _Forward, member: tarfile.TarInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        with _telling_damage():
            data = forward.take(member.size)
            if len(data) < member.size:
                raise EOFError
            return data

    return read
