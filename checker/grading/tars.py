"""Tar files of strangers, packed or not, read from the beginning to the end and only once."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable, Iterator
from typing import IO, cast

from checker.grading.damage import MIB, Spend, UnreadableError, telling_damage
from checker.grading.entries import Entry

XZ_MEMORY = 100 * MIB
"""`xz -9` needs 65 MiB to unpack."""
TAR_HEADER = 8 * 1024
TAR_HEADERS = 512 * 1024
"""One entry's, and all that are longer than a block: tarfile may need time that grows with a
header's square (CVE-2024-6232)."""


def tar_entries(packed: bytes, spend: Spend) -> Iterator[Entry]:
    """What a tar file holds; each entry is read before the next is asked for, or not at all.
    UnreadableError when it is none, is damaged or ends early."""
    with telling_damage():
        forward = _Forward(_unpacked(io.BytesIO(packed), packed[:6]), spend)
        with tarfile.open(fileobj=cast(IO[bytes], forward), mode="r:", encoding="utf-8") as opened:
            while member := opened.next():
                yield Entry(
                    member.name, _tar_kind(member), member.size, _tar_reader(forward, member)
                )
                forward.next_header()
        if not forward.is_at_end():
            raise EOFError


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
        with telling_damage():
            data = forward.take(member.size)
            if len(data) < member.size:
                raise EOFError
            return data

    return read
