from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from checker import build, compiler, headers, processes
from checker.build import Compiled, compile_source
from checker.compiler import Compilers, toolchain
from checker.failure import CheckerError
from checker.sandbox import COMPILER_LIMITS, bwrap
from checker.source import Source

HELLO = '#include <cstdio>\nint main() { std::puts("Hello"); }\n'

private = pytest.mark.usefixtures("private_arena")


@pytest.fixture(params=[False, True], ids=["open", "confined"])
def confined(request: pytest.FixtureRequest) -> bool:
    """Without its prison, and in it where that can be had."""
    if request.param:
        request.getfixturevalue("private_arena")
    return bool(request.param)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Empty, and nobody else's."""
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(headers, "KEPT", tmp_path / "headers")
    return tmp_path / "cache"


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The compiler's command lines."""
    commands: list[list[str]] = []
    run = Compilers.run

    def counted(self: Compilers, command: list[str], *rest: Any) -> tuple[str, str]:
        commands.append(command)
        return run(self, command, *rest)

    monkeypatch.setattr(Compilers, "run", counted)
    return commands


def source(text: str, name: str = "main.cpp", **headers: str) -> Source:
    files = {name: text.encode()} | {f"{at}.h": told.encode() for at, told in headers.items()}
    return Source("program", files, (name,))


def made(text: str, name: str = "main.cpp", confined: bool = False, **headers: str) -> Compiled:
    return compile_source(source(text, name, **headers), "judged", confined)


def output(compiled: Compiled) -> str:
    assert compiled.binary, compiled.said
    return subprocess.run([compiled.binary], capture_output=True, text=True, check=True).stdout


def refused(text: str) -> str:
    """What the compiler says of it, in its prison."""
    compiled = made(text, confined=True)
    assert compiled.binary is None
    return compiled.said


# What comes out


def test_a_program_comes_out(confined: bool) -> None:
    assert output(made(HELLO, confined=confined)) == "Hello\n"


def test_what_does_not_compile_says_why_and_where(confined: bool) -> None:
    compiled = made("int main() { return nothing; }", confined=confined)
    assert compiled.binary is None
    assert "main.cpp:1:21: error: ‘nothing’ was not declared" in compiled.said


def test_what_cannot_be_linked_says_why() -> None:
    compiled = made("void elsewhere(); int main() { elsewhere(); }")
    assert compiled.binary is None
    assert "undefined reference to `elsewhere()'" in compiled.said


def test_warnings_are_kept_with_the_program() -> None:
    text = "int main() { int unused; }"
    assert "unused variable" in made(text).said
    assert "unused variable" in made(text).said


def test_several_units_and_a_header_make_one_program() -> None:
    units = {
        "main.cpp": b'#include "other.h"\nint main() { other(); }',
        "other.cpp": b'#include "other.h"\n#include <cstdio>\nvoid other() { std::puts("other"); }',
        "other.h": b"void other();",
    }
    whole = Source("program", units, ("main.cpp", "other.cpp"))
    assert output(compile_source(whole, "judged", confined=False)) == "other\n"


def test_c_is_compiled_as_c() -> None:
    text = '#include <stdio.h>\nint main(void) { int class = 7; printf("%d\\n", class); }\n'
    assert output(made(text, "main.c")) == "7\n"


@pytest.mark.parametrize("name", ["-v.cpp", "@main.cpp", "with space.cpp", "-E.cpp"])
def test_a_file_may_have_any_name(name: str) -> None:
    assert output(made(HELLO, name)) == "Hello\n"


def test_a_local_variable_that_was_never_set_is_zero_only_in_the_zeroed_build() -> None:
    text = '#include <cstdio>\nint main() { int n; std::printf("%d", n == 0); }'
    told = {way: compile_source(source(text), way, False) for way in ("judged", "zeroed")}
    assert {way: output(compiled) for way, compiled in told.items()} == {
        "judged": "0",
        "zeroed": "1",
    }


def test_the_compiler_is_told_by_its_version() -> None:
    assert toolchain().startswith("g++")


def test_a_machine_without_a_compiler_is_told_about(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    toolchain.cache_clear()
    with pytest.raises(CheckerError, match="no C\\+\\+ compiler"):
        toolchain()


# Its prison


@private
@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../../../../../../../etc/passwd", "/proc/1/root/etc/passwd", "/root/.profile"],
)
def test_the_compiler_sees_no_file_of_the_machine(path: str) -> None:
    said = refused(f'#include "{path}"\nint main() {{}}\n')
    assert "No such file or directory" in said or "Permission denied" in said
    assert "root:" not in said


@private
def test_the_compiler_has_no_network_and_nothing_of_our_environment(runs: list[list[str]]) -> None:
    made(HELLO, confined=True)
    assert {"--unshare-net", "--clearenv"} <= set(runs[0])


@private
def test_in_the_open_what_else_its_user_runs_takes_nothing_from_the_compiler(
    runs: list[list[str]],
) -> None:
    """The kernel counts a user's processes together (setrlimit(2))."""
    made(HELLO)
    made(HELLO, confined=True)
    limited = [any(word.startswith("--nproc=") for word in command) for command in runs]
    assert limited == [False, True]


def test_the_compiler_does_not_read_our_standard_input(confined: bool) -> None:
    """It would wait for a line of ours."""
    read, write = os.pipe()
    before = os.dup(0)
    os.dup2(read, 0)
    try:
        assert output(made(f'#include "/dev/stdin"\n{HELLO}', confined=confined)) == "Hello\n"
    finally:
        os.dup2(before, 0)
        for descriptor in (before, read, write):
            os.close(descriptor)


def test_a_compilation_without_end_is_ended(
    confined: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiler, "SECONDS", 0.5)
    endless = """
      template <int n, long which> struct Tree {
        static constexpr long sum = Tree<n - 1, 2 * which>::sum + Tree<n - 1, 2 * which + 1>::sum;
      };
      int main() { return static_cast<int>(Tree<800, 1>::sum); }
    """
    compiled = made(endless, confined=confined)
    assert compiled == Compiled(None, "the compiler was stopped after 0.5 s")


def test_a_flood_of_messages_is_cut(confined: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "COMPILER_LIMITS", replace(COMPILER_LIMITS, file=1 << 20))
    flood = f"""
      #if __INCLUDE_LEVEL__ < 150
      #warning {"la " * 10_000}
      #include __FILE__
      #include __FILE__
      #endif
      int main() {{}}
    """
    compiled = made(flood, confined=confined)
    assert compiled.binary is None
    assert len(compiled.said) == compiler.SAID_CAP


# What is kept


def test_an_equal_source_is_compiled_once(runs: list[list[str]]) -> None:
    assert made(HELLO) == made(HELLO)
    assert len(runs) == 1


DIFFERENT: dict[str, Callable[[], Compiled]] = {
    "text": lambda: made(HELLO + "// more\n"),
    "name": lambda: made(HELLO, "other.cpp"),
    "language": lambda: made(HELLO.replace("cstdio", "stdio.h").replace("std::", ""), "main.c"),
    "header": lambda: made(HELLO, more="// a header\n"),
    "way": lambda: compile_source(source(HELLO), "zeroed", confined=False),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_difference_in_anything_is_compiled_anew(what: str, runs: list[list[str]]) -> None:
    first = made(HELLO)
    second = DIFFERENT[what]()
    assert len(runs) == 2
    assert first.binary != second.binary


def test_what_does_not_compile_is_not_kept(runs: list[list[str]], cache: Path) -> None:
    for _ in range(2):
        assert made("nonsense").binary is None
    assert len(runs) == 2
    assert list(cache.iterdir()) == []


def test_who_wants_no_colour_gets_none_although_another_wanted_it() -> None:
    text = "int main() { int unused; }"
    assert "\x1b[" in compile_source(source(text), "judged", False, colour=True).said
    assert "\x1b[" not in compile_source(source(text), "judged", False, colour=False).said


def test_only_the_last_used_builds_are_kept(
    cache: Path, monkeypatch: pytest.MonkeyPatch, runs: list[list[str]]
) -> None:
    monkeypatch.setattr(build, "KEPT_BUILDS", 2)
    monkeypatch.setattr(build, "IN_USE_SECONDS", -60)
    texts = [f"{HELLO}// {number}\n" for number in range(3)]
    for seconds, text in enumerate(texts[:2]):
        binary = made(text).binary
        assert binary
        os.utime(binary.parent, (1000 + seconds,) * 2)
    made(texts[0])  # now the older one is the last used
    made(texts[2])
    assert len(list(cache.iterdir())) == 2
    made(texts[0])
    assert len(runs) == 3


@private
def test_a_prison_that_cannot_be_made_is_no_fault_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = partial(bwrap, "--ro-bind", "/not/there", "/source")
    monkeypatch.setattr(compiler, "bwrap", broken)
    with pytest.raises(CheckerError, match="could not be started: bwrap: "):
        made(HELLO, confined=True)


def test_after_their_end_compilers_compile_nothing() -> None:
    compilers = Compilers()
    compilers.end()
    ended = compile_source(source(HELLO), "judged", False, compilers=compilers)
    assert ended == Compiled(None, "")


def test_the_same_source_can_be_compiled_by_many_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: made(HELLO), range(4)))
    assert {output(compiled) for compiled in results} == {"Hello\n"}


def test_a_compiler_that_has_just_ended_is_not_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess.Popen, "poll", lambda _: None)  # as beside a thread that waits
    assert Compilers().run(["true"], tmp_path) == ("succeeded", "")


@pytest.mark.parametrize(("killed", "told"), [([3, 4], True), ([3, 3], False)])
def test_a_compiler_that_was_killed_for_memory_says_nothing_of_the_source(
    monkeypatch: pytest.MonkeyPatch, killed: list[int], told: bool
) -> None:
    answers = iter(killed)
    monkeypatch.setattr(processes, "killed_for_memory", lambda: next(answers))
    broken = Source("broken", {"main.cpp": b"int main() {"}, ("main.cpp",))
    if told:
        with pytest.raises(CheckerError, match="ran out of memory"):
            compile_source(broken, "judged", confined=False)
    else:
        assert compile_source(broken, "judged", confined=False).binary is None
