"""Tiny programs, each compiled once; the next session takes them from its folder."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from unittest.mock import patch

from checker import build
from checker.check import Build
from checker.sandbox import ROOT
from checker.source import Source

KEPT = ROOT / "build" / "tests"
HEADERS = """
arpa/inet.h cerrno csignal cstddef cstdint cstdio cstdlib cstring dirent.h fcntl.h netdb.h
netinet/in.h sched.h sys/ptrace.h sys/resource.h sys/socket.h sys/syscall.h sys/un.h sys/wait.h
unistd.h
"""
BEFORE_MAIN = r"""
[[maybe_unused]] static const char* said(long result) {
  return result < 0 ? strerror(errno) : "done";
}

[[maybe_unused]] static sockaddr_in at(const char* address, const char* port) {
  sockaddr_in there{};
  there.sin_family = AF_INET;
  there.sin_port = htons(static_cast<uint16_t>(atoi(port)));
  inet_pton(AF_INET, address, &there.sin_addr);
  return there;
}

[[maybe_unused]] static int listening(const char* port) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto here = at("0.0.0.0", port);
  bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here);
  listen(listener, 16);
  return listener;
}
"""


def code(main: str) -> str:
    """A C++ program around the body of its main function."""
    includes = "\n".join(f"#include <{header}>" for header in HEADERS.split())
    before = f"{includes}\n{BEFORE_MAIN}"
    return f"{before}\nint main([[maybe_unused]] int argc, char** argv) {{ (void)argv; {main} }}\n"


def source(main: str, name: str = "program") -> Source:
    return Source(name, {"main.cpp": code(main).encode()}, ("main.cpp",))


@cache
def program(main: str, way: Build = "judged") -> Path:
    """The program with this body of `main`, built in that way."""
    with patch.multiple(build, CACHE=KEPT, KEPT_BUILDS=1000):
        compiled = build.compile_source(source(main), way, confined=False)
    assert compiled.binary, compiled.said
    compiled.binary.parent.chmod(0o755)  # in the open arena it runs as somebody without rights
    return compiled.binary


ECHO = r"""
  int listener = listening(argv[1]);
  for (;;) {
    int client = accept(listener, nullptr, nullptr);
    char buffer[1024];
    for (ssize_t n = 0; (n = read(client, buffer, sizeof buffer)) > 0;)
      if (write(client, buffer, static_cast<size_t>(n)) < 0) break;
    close(client);
  }
"""


def alive(word: str) -> list[int]:
    """The processes on this machine that were started with this argument; zombies have none."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has gone meanwhile
            if word.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
