"""Archives made to harm whoever opens them."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import struct
import tarfile
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from checker.grading.handed_in import Submission
from checker.grading.intake import take_in
from checker.tests.handed import PROGRAM, manifest, tar, zipped

MIB = 1024 * 1024
GOOD = {"01-one/main.cpp": PROGRAM}
XZ = partial(lzma.compress, preset=0)

pytestmark = pytest.mark.usefixtures("course")


@pytest.fixture
def hand_in(tmp_path: Path) -> Callable[..., Submission]:
    """One archive handed in, beside another student's honest one, which must come through."""

    def hand_in(content: bytes, name: str = "eve.tar") -> Submission:
        submissions = tmp_path / "submissions"
        submissions.mkdir()
        (submissions / name).write_bytes(content)
        (submissions / "honest.zip").write_bytes(zipped(GOOD))
        before = sorted(tmp_path.rglob("*"))
        eve, honest = sorted(take_in(submissions, None), key=lambda one: one.name == "honest.zip")
        assert honest.sources["01-one"].files == {"main.cpp": PROGRAM}
        assert not honest.trouble
        assert sorted(tmp_path.rglob("*")) == before
        assert eve.trouble.isprintable()
        return eve

    return hand_in


HandIn = Callable[..., Submission]


def odd(kind: bytes, link: str = "", name: str = "01-one/main.cpp") -> bytes:
    """A tar with an entry of that type, and an honest second task."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kind, link
        archive.addfile(entry)
        entry = tarfile.TarInfo("02-two/main.cpp")
        entry.size = len(PROGRAM)
        archive.addfile(entry, io.BytesIO(PROGRAM))
    return packed.getvalue()


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A tar header that claims a size."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.type = size, kind
    return entry.tobuf(tarfile.GNU_FORMAT)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (tarfile.SYMTYPE, "a symbolic link"),
        (tarfile.LNKTYPE, "a hard link"),
        (tarfile.CHRTYPE, "a device"),
        (tarfile.BLKTYPE, "a device"),
        (tarfile.FIFOTYPE, "a fifo"),
    ],
)
def test_what_is_no_file_is_left_out(hand_in: HandIn, kind: bytes, told: str) -> None:
    eve = hand_in(odd(kind, "/etc/passwd"))
    assert list(eve.sources) == ["02-two"]
    assert eve.trouble == f"01-one/main.cpp: {told}, left out"


def test_a_link_in_a_zip_is_left_out(hand_in: HandIn) -> None:
    link = zipfile.ZipInfo("01-one/main.cpp")
    link.external_attr = 0o120777 << 16
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    eve = hand_in(packed.getvalue(), "eve.zip")
    assert eve.trouble == ("01-one/main.cpp: a symbolic link, left out; no task's files in it")


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.cpp"
    secret.write_text("another student's")
    task = tmp_path / "submissions" / "eve" / "01-one"
    task.mkdir(parents=True)
    (task / "main.cpp").symlink_to(secret)
    (tmp_path / "submissions" / "mallory").symlink_to(tmp_path)
    eve, mallory = take_in(tmp_path / "submissions", None)
    assert (eve.sources, mallory.sources) == ({}, {})


@pytest.mark.parametrize("make", [tar, zipped])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("/tmp/01-one/main.cpp", "an absolute path"),
        ("C:/01-one/main.cpp", "an absolute path"),
        ("../../01-one/main.cpp", "a path with `..`"),
        ("01-one/../../main.cpp", "a path with `..`"),
    ],
)
def test_a_path_that_leads_out_is_refused(
    hand_in: HandIn, make: Callable[[dict[str, bytes]], bytes], name: str, told: str
) -> None:
    eve = hand_in(make({name: PROGRAM}), "eve.zip")
    assert eve.trouble == f"{name}: {told}; no task's files in it"


def test_a_file_that_unpacks_without_end_is_refused(hand_in: HandIn) -> None:
    bomb = zipped({"01-one/main.cpp": bytes(50 * MIB)})
    assert len(bomb) < MIB
    assert "01-one/main.cpp: larger than 4 MiB" in hand_in(bomb, "eve.zip").trouble


@pytest.mark.parametrize("pack", [partial(gzip.compress, compresslevel=1), bz2.compress, XZ])
def test_a_tar_that_unpacks_without_end_is_left_early(
    hand_in: HandIn, pack: Callable[[bytes], bytes]
) -> None:
    bomb = pack(header("core", 66 * MIB) + bytes(66 * MIB))
    assert len(bomb) < MIB
    tracemalloc.start()
    eve = hand_in(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "it unpacks to more than 64 MiB; the rest was not looked at" in eve.trouble
    assert peak < 16 * MIB


def test_archives_in_an_archive_share_one_limit(hand_in: HandIn) -> None:
    inner = zipped({f"01-one/{number}.h": bytes(3 * MIB) for number in range(8)})
    eve = hand_in(zipped({f"{number}.zip": inner for number in range(16)}), "eve.zip")
    assert "it has more than 8 MiB of source; the rest was not looked at" in eve.trouble


def test_archives_are_not_opened_without_end(hand_in: HandIn) -> None:
    nested = zipped(GOOD)
    for _ in range(3):
        nested = zipped({"more.zip": nested})
    assert "an archive in an archive in an archive, not opened" in hand_in(nested, "e.zip").trouble


def test_a_million_entries_are_not_looked_at(hand_in: HandIn) -> None:
    thousand = b"".join(header(f"{number}.txt", 0) for number in range(1000))
    before = time.process_time()
    eve = hand_in(gzip.compress(thousand) * 1000, "eve.tar.gz")
    assert time.process_time() - before < 5
    assert "it has more than 10,000 entries; the rest was not looked at" in eve.trouble


def test_a_zips_endless_table_of_contents_is_not_read(hand_in: HandIn) -> None:
    name = b"x" * 40
    central = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, *[0] * 7, 40, *[0] * 6) + name
    count = 6 * MIB // len(central)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, count * len(central), 0, 0)
    eve = hand_in(central * count + end, "eve.zip")
    assert "a zip file with a table of contents without end" in eve.trouble


@pytest.mark.parametrize(("size", "times"), [(60 * MIB, 1), (102_400, 1), (7168, 200)])
@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE])
def test_a_tars_endless_header_is_not_read(
    hand_in: HandIn, kind: bytes, size: int, times: int
) -> None:
    record = b"%d c=" % size  # the beginning of a pax header, and of a long name too
    content = record + b"x" * (size - len(record) - 1) + b"\n"
    endless = header("x", size, kind) + content[:102_400]
    before = time.process_time()
    eve = hand_in(gzip.compress((endless + header("y", 0)) * times))
    assert time.process_time() - before < 5
    assert "a tar file with headers without end" in eve.trouble


def test_a_tars_negative_size_is_refused(hand_in: HandIn) -> None:
    negative = bytearray(header("01-one/main.cpp", 0))
    negative[124:136] = b"\xff" * 12
    negative[148:156] = b" " * 8
    negative[148:156] = b"%06o\0 " % sum(negative)
    eve = hand_in(bytes(negative) + bytes(9000))
    assert "damaged, or no archive" in eve.trouble
    assert not eve.sources


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("new\nline.cpp", "new\\x0aline.cpp"),
        ("\x1b[2J.cpp", "\\x1b[2J.cpp"),
        ("<img src=x onerror=alert(1)>.cpp", "\\x3cimg src=x onerror=alert(1)\\x3e.cpp"),
        ("-o.cpp", "\\x2do.cpp"),
        ("@file.cpp", "\\x40file.cpp"),
        ("\udcff.cpp", "\\xff.cpp"),
        ("\u202egpj.cpp", "\\xe2\\x80\\xaegpj.cpp"),
        ("\\x0a.cpp", "\\x5cx0a.cpp"),
    ],
)
def test_a_file_name_obeys_nobody(hand_in: HandIn, name: str, told: str) -> None:
    eve = hand_in(tar({f"01-one/{name}": PROGRAM}))
    assert list(eve.sources["01-one"].files) == [told]


@pytest.mark.parametrize("name", ["a\x1b[2J.zip", "<b>.zip", "-rf.zip", "\udcff.zip", "=1+1.zip"])
def test_an_archives_name_obeys_nobody(hand_in: HandIn, name: str) -> None:
    eve = hand_in(zipped(GOOD), name)
    assert "\\x" in eve.name and "\\x" in eve.student.id and eve.student.name.isprintable()


def test_a_zips_entry_without_a_name_is_refused(hand_in: HandIn) -> None:
    nameless, packed = zipfile.ZipInfo("x"), io.BytesIO(zipped(GOOD))
    nameless.filename = ""
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr(nameless, PROGRAM)
    eve = hand_in(packed.getvalue(), "eve.zip")
    assert list(eve.sources) == ["01-one"]
    assert eve.trouble == "?: a name that no file system takes"


def test_names_that_differ_stay_different(hand_in: HandIn) -> None:
    names = ["a\n.h", "a\x0b.h", "a?.h", "a\udcfe.h", "a\udcff.h", "A?.h", "main.cpp"]
    eve = hand_in(tar({f"01-one/{name}": name.encode(errors="replace") for name in names}))
    assert len(eve.sources["01-one"].files) == len(names)


def test_files_that_differ_in_case_stay_two(hand_in: HandIn) -> None:
    eve = hand_in(tar({"01-one/main.cpp": b"1", "01-one/Main.cpp": b"2"}))
    assert eve.sources["01-one"].files == {"Main.cpp": b"2", "main.cpp": b"1"}


@pytest.mark.parametrize("other", ["01-one/main.cpp", "./01-one//main.cpp"])
def test_of_an_entry_that_is_there_twice_the_last_counts(hand_in: HandIn, other: str) -> None:
    packed = tar({"01-one/main.cpp": b"first"}, "w")[:1024] + tar({other: b"last"}, "w")
    eve = hand_in(packed)
    assert eve.sources["01-one"].files == {"main.cpp": b"last"}
    assert "there twice, the last counts" in eve.trouble


def test_an_encrypted_file_is_told(hand_in: HandIn) -> None:
    packed = bytearray(zipped(GOOD))
    packed[6] |= 1
    packed[packed.index(b"PK\1\2") + 8] |= 1
    assert "01-one/main.cpp: encrypted" in hand_in(bytes(packed), "eve.zip").trouble


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_of_a_tar_that_was_cut_off_the_whole_files_count(hand_in: HandIn, mode: str) -> None:
    noise = random.Random(0).randbytes(200_000)
    packed = tar(GOOD | {"02-two/main.cpp": noise}, mode)
    eve = hand_in(packed[: len(packed) * 3 // 4])
    assert "damaged, or no archive" in eve.trouble
    assert "02-two" not in eve.sources


def test_a_tar_that_ends_after_a_whole_file_is_told(hand_in: HandIn) -> None:
    eve = hand_in(tar(GOOD, "w")[:1024])
    assert list(eve.sources) == ["01-one"]
    assert eve.trouble == "eve.tar: damaged, or no archive"


def test_a_zip_that_was_cut_off_is_told(hand_in: HandIn) -> None:
    assert "eve.zip: damaged, or no archive" in hand_in(zipped(GOOD)[:-30], "eve.zip").trouble


@pytest.mark.parametrize("claimed", [0, 3, 2**60])
def test_a_zip_that_lies_about_a_size_is_told(hand_in: HandIn, claimed: int) -> None:
    packed = zipped(GOOD)
    central = packed.index(b"PK\1\2")
    extra = struct.pack("<2HQ", 1, 8, claimed)
    lying = bytearray(packed[central:-22])
    lying[24:28] = b"\xff" * 4  # ask the zip64 field
    lying[30:32] = len(extra).to_bytes(2, "little")
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(lying) + len(extra), central, 0)
    eve = hand_in(packed[:central] + lying + extra + end, "eve.zip")
    told = "larger than 4 MiB" if claimed > MIB else "damaged, or no archive"
    assert eve.trouble == f"01-one/main.cpp: {told}; no task's files in it"


def test_a_packing_that_unpacks_all_at_once_is_refused(hand_in: HandIn) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("01-one/main.cpp", PROGRAM)
    told = "packed neither by `store` nor by `deflate`"
    assert told in hand_in(packed.getvalue(), "eve.zip").trouble


def test_an_xz_that_asks_for_much_memory_is_refused(hand_in: HandIn) -> None:
    packed = bytearray(lzma.compress(tar(GOOD, "w")))
    packed[16] = 30  # a dictionary of 128 MiB: the .xz file format, 5.3.1
    packed[20:24] = zlib.crc32(packed[12:20]).to_bytes(4, "little")
    assert lzma.decompress(packed) == tar(GOOD, "w")
    assert "damaged, or no archive" in hand_in(bytes(packed), "eve.tar.xz").trouble


@pytest.mark.parametrize("name", ["eve.7z", "eve.rar"])
def test_other_kinds_of_archives_are_told(hand_in: HandIn, name: str) -> None:
    content = {"eve.7z": b"7z\xbc\xaf\x27\x1c", "eve.rar": b"Rar!\x1a\x07"}[name] + bytes(100)
    assert f"{name}: neither a zip nor a tar file" in hand_in(content, name).trouble


@pytest.mark.parametrize("content", [b'{"x":' + b"[" * 200_000, b'{"id":"\xff"}', b'{"id":1', b"7"])
def test_a_hostile_manifest_does_no_harm(hand_in: HandIn, content: bytes) -> None:
    eve = hand_in(zipped({"manifest.json": content} | GOOD), "eve.zip")
    assert (eve.student.id, list(eve.sources)) == ("eve", ["01-one"])


def test_a_manifests_text_obeys_nobody(hand_in: HandIn) -> None:
    files = {"manifest.json": manifest("\x1b[2J", "\x07\n" + "x" * 9999)} | GOOD
    student = hand_in(zipped(files), "eve.zip").student
    assert (student.id, student.name) == ("?[2J", "? " + "x" * 98)


@pytest.mark.parametrize("packed", [zipped(GOOD), tar(GOOD, "w"), tar(GOOD), tar(GOOD, "w:xz")])
def test_no_damage_makes_the_lab_fail(tmp_path: Path, packed: bytes) -> None:
    dice, submissions = random.Random(0), tmp_path / "submissions"
    submissions.mkdir()
    for number in range(60):
        broken = bytearray(packed)
        for _ in range(dice.randrange(1, 8)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        (submissions / f"{number}.zip").write_bytes(broken)
    assert len({one.student.id for one in take_in(submissions, None)}) == 60
