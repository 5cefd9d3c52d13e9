"""The observer sees into programs however they were built."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from checker.observer import Recording
from checker.tests.observed import built, observed_program
from checker.tests.programs import code

PROGRAM = r"""
  static int end;
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  end = ends[0];
  std::thread writer([] { if (write(end, "hello", 5) != 5) _exit(2); });
  writer.join();
  char buffer[32];
  volatile size_t most = sizeof buffer;  // not known to the compiler: it must check
  if (read(ends[1], buffer, most) != 5 || memcmp(buffer, "hello", 5) != 0) return 1;
  pollfd one{ends[1], POLLIN, 0};
  volatile nfds_t count = 1;
  poll(&one, count, 0);
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  struct sigaction ignore{};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  if (fork() == 0) { send(end, "bye", 3, MSG_NOSIGNAL); _exit(0); }
  wait(nullptr);
  if (recv(ends[1], buffer, most, 0) != 3) return 3;
  close(ends[0]);
  close(ends[1]);
"""
INCLUDES = "#include <poll.h>\n#include <thread>\n"
EXPECTED = [
    *("hello", "socketpair", "write:hello", "read:hello", "poll", "fcntl", "sigaction", "fork"),
    *("fork", "send:bye", "_exit", "wait", "recv:bye", "close", "close"),
]

CPP = ("g++ -std=c++20 -pthread", "clang++ -std=c++20 -pthread")
WAYS = (
    "",
    "-fsanitize=address",
    "-fsanitize=undefined",
    "-fsanitize=address,undefined",
    "-fsanitize=thread",
    "-D_FORTIFY_SOURCE=3 -O2",
    "-D_FILE_OFFSET_BITS=64 -O2",
    "-static-libstdc++ -static-libgcc",
)


def summary(recording: Recording) -> list[str]:
    """Calls with their payload; parent and child run at once, so each process by itself."""
    by_process: dict[int, list[str]] = {}
    for record in recording.records:
        payload = f":{record.payload.decode()}" if record.payload else ""
        by_process.setdefault(record.pid, []).append(record.call + payload)
    return [call for calls in by_process.values() for call in calls]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("compiler", CPP)
def test_cpp_with_threads_and_fork(tmp_path: Path, compiler: str, way: str) -> None:
    program = built(f"{compiler} {way}".strip(), INCLUDES + code(PROGRAM))
    recording, said, status = observed_program(tmp_path, program)
    assert (said, status) == ("", 0)
    assert sorted(summary(recording)) == sorted(EXPECTED)
    assert not recording.blocked() and recording.lost == 0


@pytest.mark.parametrize("compiler", ["gcc", "clang", "gcc -O2 -D_FORTIFY_SOURCE=3"])
def test_c(tmp_path: Path, compiler: str) -> None:
    text = """
      #include <sys/socket.h>
      #include <unistd.h>
      int main(int argc, char** argv) {
        int ends[2];
        char all[8];
        volatile size_t most = sizeof all;
        socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
        write(ends[0], "hello", 5);
        return read(ends[1], all, most) != 5;
      }
    """
    recording, _, status = observed_program(tmp_path, built(compiler, text))
    assert status == 0
    assert summary(recording) == ["hello", "socketpair", "write:hello", "read:hello"]


def test_a_program_fortified_by_gcc_makes_the_checked_calls() -> None:
    program = built(f"{CPP[0]} -D_FORTIFY_SOURCE=3 -O2", INCLUDES + code(PROGRAM))
    names = subprocess.run(["nm", "-D", program], capture_output=True, text=True).stdout
    assert {"__read_chk", "__recv_chk", "__poll_chk"} <= set(re.findall(r"__\w+_chk", names))
