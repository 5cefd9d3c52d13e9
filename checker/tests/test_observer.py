"""The observer inside small programs: what it records, what it injects, what it leaves alone."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from checker.observer import CALLS, LIBRARY, Recording, environment
from checker.sandbox import ROOT
from checker.tests.observed import built, observed, observed_program, ring_file
from checker.tests.programs import code

PAIR = "int ends[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, ends);"


def only(recording: Recording, *names: str) -> list[str]:
    """The calls of these names as `name text = result error`."""
    return [
        f"{record.call} {record.text} = {record.result} {record.error}".strip()
        for record in recording.calls(*names)
    ]


def test_python_and_cpp_number_the_calls_alike() -> None:
    text = (ROOT / "checker/native/observer/calls.hpp").read_text()
    table = text[text.index("OBSERVED_CALLS(call)") : text.index("namespace")]
    assert tuple(re.findall(r"\bcall\((\w+)\)", table)) == CALLS


def test_a_program_says_hello_and_then_every_call_is_there_in_order(tmp_path: Path) -> None:
    recording, _, status = observed(tmp_path, "close(listening(argv[1]));", "0")
    assert status == 0 and recording.seen
    assert [record.call for record in recording.records] == [
        *("hello", "socket", "setsockopt", "bind", "listen", "close")
    ]
    assert only(recording, "socket", "setsockopt", "bind", "listen") == [
        "socket AF_INET SOCK_STREAM = 3",
        "setsockopt SOL_SOCKET SO_REUSEADDR 1 = 0",
        "bind 0.0.0.0:0 = 0",
        "listen 16 = 0",
    ]


def test_payload_size_result_and_times_are_kept(tmp_path: Path) -> None:
    before = time.monotonic()
    body = PAIR + 'write(ends[0], "a%\\0b", 4); char all[9]; read(ends[1], all, 9);'
    recording, _, _ = observed(tmp_path, body)
    write, read = recording.calls("write", "read")
    assert (write.size, write.result, write.payload) == (4, 4, b"a%\0b")
    assert (read.size, read.result, read.payload) == (9, 4, b"a%\0b")
    assert read.returned is not None and write.returned is not None
    assert before <= write.entered <= write.returned <= read.entered <= read.returned
    assert read.returned <= time.monotonic()


def test_a_call_that_never_returns_is_blocked_even_in_a_killed_program(tmp_path: Path) -> None:
    body = "int there = listening(argv[1]); alarm(1); accept(there, nullptr, nullptr);"
    recording, _, status = observed(tmp_path, body, "0")
    assert status == -14
    assert [record.call for record in recording.blocked()] == ["accept"]


def test_exec_and_exit_do_not_count_as_blocked(tmp_path: Path) -> None:
    recording, _, _ = observed(tmp_path, 'execl("/bin/true", "true", nullptr);')
    assert [record.text for record in recording.calls("hello")][-1] == "true"
    recording, _, status = observed(tmp_path, "_exit(3);")
    assert status == 3 and only(recording, "_exit") == ["_exit 3 = None"]
    assert recording.blocked() == []


def test_fork_without_exec_and_vfork_are_followed(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      if (fork() == 0) { write(ends[0], "x", 1); _exit(7); }
      int status; wait(&status);
      if (vfork() == 0) _exit(8);
      waitpid(-1, &status, 0);
    """
    )
    recording, _, _ = observed(tmp_path, body)
    parent = recording.records[0].pid
    children = [record for record in recording.calls("fork", "vfork") if record.child]
    assert len(children) == 2 and all(child.result == 0 for child in children)
    assert [record.pid for record in recording.calls("write")] == [children[0].pid] != [parent]
    assert only(recording, "wait", "waitpid") == [
        f"wait exited 7 = {children[0].pid}",
        f"waitpid -1 exited 8 = {children[1].pid}",
    ]


def test_only_sockets_are_recorded_for_read_write_and_close(tmp_path: Path) -> None:
    body = 'char c; int f = open("/dev/null", O_RDWR); read(f, &c, 1); write(f, "", 1); close(f);'
    recording, _, _ = observed(tmp_path, body + 'puts("x");')
    assert [record.call for record in recording.records] == ["hello"]


def test_a_bad_pointer_is_the_calls_error_and_no_crash(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      auto* bad = reinterpret_cast<sockaddr*>(16);
      printf("%s, ", said(bind(ends[0], bad, 16)));
      printf("%s, ", said(write(ends[0], bad, 16)));
      printf("%s", said(read(ends[0], bad, 0)));
    """
    )
    _, said, status = observed(tmp_path, body)
    assert (said, status) == ("Bad address, Bad address, done", 0)


def test_what_the_resolver_calls_is_not_the_programs(tmp_path: Path) -> None:
    body = """
      addrinfo hints{}, *list = nullptr;
      hints.ai_flags = AI_NUMERICHOST;
      getaddrinfo("127.0.0.1", "80", &hints, &list);
      freeaddrinfo(list);
      printf("%d", getaddrinfo("not an address", "80", &hints, &list) == EAI_NONAME);
    """
    recording, said, _ = observed(tmp_path, body)
    assert said == "1"
    assert [record.call for record in recording.records] == [
        *("hello", "getaddrinfo", "freeaddrinfo", "getaddrinfo")
    ]
    assert recording.records[-1].error == "EAI_NONAME"
    assert all(r.returned and r.returned >= r.entered for r in recording.records)
    assert "AI_NUMERICHOST -> 127.0.0.1:80" in recording.records[1].text


def test_a_ring_that_wrapped_says_so_and_keeps_the_newest(tmp_path: Path) -> None:
    body = "for (int i = 0; i < 100; ++i) listen(-1, i);"
    recording, _, _ = observed(tmp_path, body, capacity=16)
    assert recording.wrapped
    assert [record.text for record in recording.records] == [str(i) for i in range(84, 100)]


def test_a_call_whose_entry_was_overwritten_is_still_there_when_it_returns(tmp_path: Path) -> None:
    body = """
      static int ends[2];
      socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
      signal(SIGALRM, [](int) {
        for (int i = 0; i < 40; ++i) listen(-1, i);
        write(ends[0], "x", 1);
      });
      alarm(1);
      char c;
      read(ends[1], &c, 1);
    """
    recording, _, _ = observed(tmp_path, body, capacity=16)
    [read] = recording.calls("read")
    assert read.late and read.result == 1 and read.payload == b"x"


@pytest.mark.parametrize("damage", ["absent", "empty", "magic", "version", "capacity", "folder"])
def test_without_a_sound_ring_the_program_runs_as_if_nothing_was_there(
    tmp_path: Path, damage: str
) -> None:
    program = built("g++ -std=c++20", code('puts(said(close(listening("0"))));'))
    path = tmp_path / "ring"
    if damage == "folder":
        path.mkdir()
    elif damage != "absent":
        ring_file(tmp_path, capacity=4)
        raw = bytearray(path.read_bytes())
        at = {"magic": 0, "version": 8, "capacity": 29}
        raw[at.get(damage, 0)] ^= 0x40
        path.write_bytes(b"" if damage == "empty" else raw)
    done = subprocess.run(
        [program],
        env={"LD_PRELOAD": str(LIBRARY), "LOOPBACK_RING": str(path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("done\n", "", 0)


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    _, said, _ = observed(tmp_path, 'printf("%d", open("/dev/null", O_RDONLY));')
    assert said == "3"


def test_a_static_program_is_not_seen(tmp_path: Path) -> None:
    program = built("g++ -std=c++20 -static", code("close(socket(AF_INET, SOCK_STREAM, 0));"))
    recording, _, status = observed_program(tmp_path, program)
    assert status == 0 and not recording.seen and recording.records == []


def test_an_emptied_environment_ends_the_observing(tmp_path: Path) -> None:
    body = 'char* none[] = {nullptr}; execle("/bin/true", "true", nullptr, none);'
    recording, _, status = observed(tmp_path, body)
    assert status == 0 and len(recording.calls("hello")) == 1


def test_the_library_needs_nothing_but_the_c_library() -> None:
    needs = subprocess.run(["readelf", "-dW", LIBRARY], capture_output=True, text=True, check=True)
    assert set(re.findall(r"NEEDED.*\[(.*)\]", needs.stdout)) <= {"libc.so.6", "libdl.so.2"}
    exports = subprocess.run(
        ["nm", "-D", "--defined-only", LIBRARY], capture_output=True, text=True, check=True
    )
    names = [line.split()[-1] for line in exports.stdout.splitlines()]
    assert len(names) < 100 and not [name for name in names if name.startswith("_Z")]


def test_the_environment_that_it_asks_for() -> None:
    there = environment("/ring", "/observer")
    assert there["LOOPBACK_RING"] == "/ring" and there["LD_PRELOAD"] == "/observer"
