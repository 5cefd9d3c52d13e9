from __future__ import annotations

import errno
import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from checker import build, catalog, headers
from checker.build import compile_source
from checker.check import Build
from checker.compiler import FLAGS, Compilers
from checker.headers import first_headers, precompiled
from checker.source import Source, read_files

pytestmark = pytest.mark.usefixtures("private_arena")

NAMES = ["cstddef", "sys/socket.h"]


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty, and nobody else's."""
    monkeypatch.setattr(build, "CACHE", tmp_path / "builds")
    monkeypatch.setattr(headers, "KEPT", tmp_path / "headers")
    monkeypatch.setattr(headers, "WORTH", 1)
    return tmp_path / "headers"


def asked(names: list[str], compilers: Compilers | None = None, way: Build = "judged") -> bool:
    """Whether they are there, compiled."""
    with precompiled(names, way, compilers or Compilers()) as folder:
        return folder is not None and (folder / f"{headers.BLOCK}.gch").stat().st_size > 0


# What a source begins with


@pytest.mark.parametrize(
    "text",
    [
        "#include <cstddef>\n#include <sys/socket.h>\nint main() {}",
        "// A comment.\n\n#include <cstddef>\n  # include  <sys/socket.h>  // another\nint i;",
        "/* A comment\n * #include <cstdio> */\n#include <cstddef>\r\n#include <sys/socket.h>\r\n",
        '#include <cstddef>\n#include <sys/socket.h>\n#include "mine.h"\n#include <cstdio>\n',
        "#include <cstddef>\n#include <sys/socket.h>\n#define X\n#include <cstdio>\n",
        "#include <cstddef>\n#include <sys/socket.h>\n// to the next line \\\n#include <cstdio>\n",
        "#include <cstddef>\n#include <sys/socket.h>\n#include <cstdio> /* a\n */\n",
        "#include <cstddef>\n#include <sys/socket.h>\n#include <../cstdio>\n",
        "#include <cstddef>\n#include <sys/socket.h>\n#include </usr/include/stdio.h>\n",
    ],
)
def test_they_are_the_systems_headers_before_anything_else(text: str) -> None:
    assert first_headers(text.encode()) == NAMES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#define _GNU_SOURCE\n#include <cstdio>\n",
        "#if 0\n#include <cstdio>\n#endif\n",
        "// \\\n#include <cstdio>\n",
        "/* #include <cstdio>\n",
        "#include <cstdio>",  # no line's end: what is pasted behind it is not known
    ],
)
def test_a_source_that_begins_with_something_else_has_none(text: str) -> None:
    assert first_headers(text.encode()) == []


# They change nothing

SOURCES = {
    "a reference": read_files("program", [catalog.find("11").solution]).files,
    "a warning": {"a.cpp": b"#include <string>\nint main() { std::string s; int unused; }\n"},
    "an error": {
        "a.cpp": b"#include <string>\n#include <vector>\nint main() { std::set<int> s; }\n"
    },
    "a long error": {
        "a.cpp": b"#include <algorithm>\n#include <list>\n"
        b"int main() { std::list<int> all; std::sort(all.begin(), all.end()); }\n"
    },
    "names that the headers have, too": {
        "a.cpp": b"#include <iostream>\n#include <sys/socket.h>\nusing namespace std;\n"
        b"int distance = 1, bind = 2;\nint main() { cout << distance << bind; }\n"
    },
}


WAYS: list[tuple[str, Build]] = [(what, "judged") for what in SOURCES]
WAYS += [("a reference", way) for way in FLAGS if way != "judged"]


@pytest.mark.parametrize(("what", "way"), WAYS)
def test_the_program_and_what_the_compiler_says_are_the_same(
    what: str, way: Build, kept: Path, tmp_path: Path
) -> None:
    source = Source("program", SOURCES[what], tuple(SOURCES[what]))
    told: list[tuple[bytes, str]] = []
    for time in ("without", "first with", "with nothing else"):
        compiled = compile_source(source, way, confined=True, folder=tmp_path / time)
        told.append((compiled.binary.read_bytes() if compiled.binary else b"", compiled.said))
        for block in kept.glob(f"*/made/{headers.BLOCK}"):
            block.write_text("#error the headers are compiled once more\n")
    assert len(list(kept.glob("*/made"))) == 1
    assert told[0] == told[1] == told[2]
    assert any(told[0])


@pytest.mark.parametrize(
    "source",
    [
        Source("program", {"a.c": b"#include <stdio.h>\nint main(void) {}\n"}, ("a.c",)),
        Source(
            "program",
            {"a.cpp": b"#include <cstdio>\nint main() {}\n", "b.cpp": b"#include <cstdio>\n"},
            ("a.cpp", "b.cpp"),
        ),
    ],
    ids=["C", "several units"],
)
def test_a_source_of_another_kind_does_without(source: Source, kept: Path, tmp_path: Path) -> None:
    for time in ("first", "second"):
        assert compile_source(source, "judged", confined=True, folder=tmp_path / time).binary
    assert not kept.exists()


# When they are made, and how long they are kept


def test_they_are_made_when_they_have_been_asked_for_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(headers, "WORTH", 2)
    assert [asked(NAMES) for _ in range(4)] == [False, False, True, True]
    assert not asked(NAMES, way="sanitised")
    assert not asked([*NAMES, "cstdio"])


@pytest.mark.parametrize(("uses", "made"), [(2, False), (3, True)])
def test_they_are_made_at_once_for_who_will_ask_often(
    uses: int, made: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "WORTH", 2)
    with precompiled(NAMES, "judged", Compilers(), uses) as folder:
        assert bool(folder) == made


def test_nobody_asks_for_none(kept: Path) -> None:
    assert not asked([]) and not asked([])
    assert not kept.exists()


def test_many_may_ask_at_once() -> None:
    assert not asked(NAMES)
    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(lambda _: asked(NAMES), range(4)))
    assert asked(NAMES)


def test_a_header_that_is_not_there_is_the_sources_affair() -> None:
    text = b"#include <nothing_like_that>\nint main() {}\n"
    source = Source("program", {"a.cpp": text}, ("a.cpp",))
    for _ in range(3):
        compiled = compile_source(source, "judged", confined=True)
        assert compiled.binary is None
        assert "a.cpp:1:10: fatal error: nothing_like_that: No such file" in compiled.said


def test_what_cannot_be_made_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [asked(["nothing_like_that"]) for _ in range(2)] == [False, False]
    monkeypatch.setattr(Compilers, "run_in", None)
    assert not asked(["nothing_like_that"])


def test_what_was_broken_off_is_made_the_next_time() -> None:
    stopped = Compilers()
    stopped.end()
    assert [asked(NAMES, stopped) for _ in range(2)] == [False, False]
    assert asked(NAMES)


def test_the_last_used_ones_are_kept_and_those_in_use(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, "KEPT_BLOCKS", 2)
    assert not asked(["climits"])
    with precompiled(["climits"], "judged", Compilers()) as used:
        assert used
        os.utime(used.parent, (1000, 1000))
        for name in ("cerrno", "cstdint", "cfloat"):
            assert not asked([name])
        assert used.exists()
    assert len(list(kept.iterdir())) == 3
    assert not asked(["cstdio"])
    assert not used.exists()
    assert len(list(kept.iterdir())) == 2


def test_other_headers_of_the_system_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "status"
    installed.touch()
    monkeypatch.setattr(headers, "INSTALLED", (str(installed), "/not/there"))
    assert [asked(NAMES) for _ in range(2)] == [False, True]
    os.utime(installed, (1000, 1000))
    assert not asked(NAMES)


def test_a_place_that_cannot_be_written_to_or_locked_is_no_trouble(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("a file")
    assert [asked(NAMES) for _ in range(2)] == [False, False]
    kept.unlink()
    monkeypatch.setattr(fcntl, "flock", no_locks)
    assert [asked(NAMES) for _ in range(3)] == [False, False, False]


def no_locks(*_: int) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
