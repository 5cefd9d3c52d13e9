"""The observer and strace see the same calls, in the same order, with the same outcome."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from checker.observer import CALLS, Recording
from checker.tests.observed import built, observed_program
from checker.tests.programs import code

HEADERS = ("poll.h", "sys/epoll.h", "sys/ioctl.h", "sys/select.h", "sys/time.h", "sys/uio.h")
FIRST = "listen(-1, 4711)"
"""What a program begins with, so that the calls of its loader can be told from its own."""

BODIES = {
    "a connection": r"""
      signal(SIGPIPE, SIG_IGN);
      int listener = listening("0"), client = socket(AF_INET, SOCK_STREAM, 0);
      getsockname(listener, address, &size);
      connect(client, address, size);
      int served = accept(listener, nullptr, nullptr);
      send(client, data, 10, 0);
      read(served, data, sizeof data);
      connect(client, address, size);             // EISCONN
      bind(client, address, size);                // EINVAL
      getpeername(listener, address, &size);      // ENOTCONN
      shutdown(client, SHUT_WR);
      write(client, data, 4);                     // EPIPE
      read(served, data, 1);                      // the end
      shutdown(listener, 99);                     // EINVAL
      getsockopt(served, SOL_SOCKET, SO_TYPE, &number, &length);
      close(served);
      close(client);
      close(listener);
      accept(listener, nullptr, nullptr);         // EBADF
    """,
    "what would have to wait": r"""
      int listener = listening("0"), client = socket(AF_INET, SOCK_STREAM, 0);
      getsockname(listener, address, &size);
      fcntl(listener, F_SETFL, O_NONBLOCK);
      accept(listener, nullptr, nullptr);         // EAGAIN
      connect(client, address, size);
      int served = accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      accept4(listener, nullptr, nullptr, 12345); // EINVAL
      fcntl(served, F_GETFL);
      read(served, data, sizeof data);            // EAGAIN
      while (send(ends[0], data, sizeof data, MSG_DONTWAIT) > 0) {}
    """,
    "what is refused": r"""
      int bound = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
      sockaddr_in here = at("127.0.0.1", "0");
      bind(bound, reinterpret_cast<sockaddr*>(&here), sizeof here);
      getsockname(bound, address, &size);
      connect(client, address, size);             // ECONNREFUSED
      bind(client, address, size);                // EADDRINUSE
      int gone = socket(AF_INET, SOCK_DGRAM, 0), asker = socket(AF_INET, SOCK_DGRAM, 0);
      bind(gone, reinterpret_cast<sockaddr*>(&here), sizeof here);
      getsockname(gone, address, &size);
      close(gone);
      connect(asker, address, size);
      send(asker, data, 1, 0);
      recv(asker, data, 1, 0);                    // ECONNREFUSED
      socket(AF_INET, 99, 0);                     // EINVAL
      setsockopt(client, SOL_SOCKET, 9999, &number, sizeof number);
    """,
    "waiting": r"""
      pollfd entry{ends[0], POLLIN, 0};
      fd_set set;
      timeval soon{0, 1000};
      timespec at_once{0, 0};
      const auto fill = [&] { FD_ZERO(&set); FD_SET(ends[0], &set); return &set; };
      poll(&entry, 1, 0);
      select(ends[0] + 1, fill(), nullptr, nullptr, &soon);
      write(ends[1], data, 1);
      poll(&entry, 1, 1000);
      ppoll(&entry, 1, &at_once, nullptr);
      select(ends[0] + 1, fill(), nullptr, nullptr, nullptr);
      pselect(ends[0] + 1, fill(), nullptr, nullptr, &at_once, nullptr);
      select(-1, nullptr, nullptr, nullptr, nullptr);   // EINVAL
      int epoll = epoll_create1(0), other = epoll_create(7);
      epoll_event event{EPOLLIN, {}}, events[4];
      epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event);
      epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event); // EEXIST
      epoll_wait(epoll, events, 4, 1000);
      epoll_pwait(other, events, 4, 0, nullptr);
      epoll_ctl(epoll, EPOLL_CTL_DEL, ends[0], nullptr);
      epoll_wait(epoll, events, 0, 0);                  // EINVAL
      epoll_wait(ends[0], events, 4, 0);                // EINVAL: a socket
    """,
    "messages": r"""
      iovec parts[2] = {{data, 3}, {data + 3, 5}};
      msghdr message{};
      message.msg_iov = parts;
      message.msg_iovlen = 2;
      sendmsg(ends[0], &message, 0);
      recvmsg(ends[1], &message, 0);
      recvmsg(ends[1], &message, MSG_DONTWAIT);         // EAGAIN
      writev(ends[0], parts, 2);
      readv(ends[1], parts, 2);
      writev(ends[0], parts, -1);                       // EINVAL
      int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
      sockaddr_in here = at("127.0.0.1", "0");
      bind(a, reinterpret_cast<sockaddr*>(&here), sizeof here);
      getsockname(a, address, &size);
      sendto(b, data, 6, 0, address, size);
      recvfrom(a, data, 4, MSG_TRUNC, address, &size);  // 6 of 4
      sendto(b, data, 6, 0, nullptr, 0);                // EDESTADDRREQ
      sendto(b, nullptr, 0, 0, address, size);
    """,
    "descriptors": r"""
      int copy = dup(ends[0]);
      dup2(ends[1], 70);
      dup2(ends[1], ends[1]);
      dup3(ends[1], 71, O_CLOEXEC);
      write(copy, data, 5);
      read(70, data, 5);
      close(copy);
      shutdown(71, SHUT_RDWR);
      read(ends[0], data, 1);
      ioctl(ends[0], FIONBIO, &number);
      fcntl(ends[0], F_SETFD, FD_CLOEXEC);
      fcntl(ends[0], 9999);                             // EINVAL
      dup2(ends[0], 1 << 20);                           // EBADF
    """,
    "interrupted": r"""
      struct sigaction wake{};                          // without SA_RESTART
      wake.sa_handler = [](int) {};
      sigaction(SIGALRM, &wake, nullptr);
      itimerval often{{0, 20000}, {0, 20000}}, never{};
      setitimer(ITIMER_REAL, &often, nullptr);
      pollfd entry{ends[0], POLLIN, 0};
      fd_set set;
      FD_ZERO(&set);
      FD_SET(ends[0], &set);
      int listener = listening("0"), epoll = epoll_create1(0);
      epoll_event events[1];
      read(ends[0], data, 1);
      recv(ends[0], data, 1, 0);
      accept(listener, nullptr, nullptr);
      poll(&entry, 1, -1);                             // EINTR
      select(ends[0] + 1, &set, nullptr, nullptr, nullptr);
      epoll_wait(epoll, events, 1, -1);
      setitimer(ITIMER_REAL, &never, nullptr);
    """,
    "processes": r"""
      sigset_t death;                                   // it would make a traced recv start again
      sigemptyset(&death);
      sigaddset(&death, SIGCHLD);
      sigprocmask(SIG_BLOCK, &death, nullptr);
      for (int status = 0; status < 2; ++status) {
        if (fork() == 0) {
          send(ends[1], data, 3, 0);
          sendto(99, data, 1, 0, nullptr, 0);           // EBADF
          _exit(status);
        }
        recv(ends[0], data, 3, MSG_WAITALL);
        if (status == 0) wait(nullptr);
        else waitpid(-1, nullptr, 0);
      }
      wait(nullptr);                                    // ECHILD
      waitpid(-1, nullptr, WNOHANG);                    // ECHILD
      kill(getpid(), 0);
      kill(getpid(), 99);                               // EINVAL
    """,
}
BEFORE = """
  char data[4096]{};
  int ends[2], number = 1;
  socklen_t length = sizeof number;
  sockaddr_storage any{};
  auto* address = reinterpret_cast<sockaddr*>(&any);
  socklen_t size = sizeof any;
"""

SAME = {
    **dict.fromkeys(("send", "sendto"), "send"),
    **dict.fromkeys(("recv", "recvfrom"), "recv"),
    **dict.fromkeys(("select", "pselect", "pselect6"), "select"),
    **dict.fromkeys(("poll", "ppoll"), "poll"),
    **dict.fromkeys(("epoll_wait", "epoll_pwait"), "epoll_wait"),
    **dict.fromkeys(("epoll_create", "epoll_create1"), "epoll_create"),
    **dict.fromkeys(("dup2", "dup3"), "dup2"),
    **dict.fromkeys(("wait", "waitpid", "wait4"), "wait"),
    **dict.fromkeys(("signal", "sigaction", "rt_sigaction"), "sigaction"),
    **dict.fromkeys(("fork", "clone", "clone3"), "fork"),
}
"""Several functions may be one system call, and one function another on another processor."""

COMPARED = {SAME.get(name, name) for name in CALLS} - {"hello", "execve", "exit", "_exit"}
LINE = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)[( ].*= (?:(-?\w+)(?: (E\w+))?|\? ERESTART\w+)")
"""One of strace's: a process, its call, the result and the error. A call that a signal interrupted
is told to start again, which comes to EINTR where the signal's handler does not want that."""

Processes = dict[int, list[tuple[str, int, str]]]
"""What each process called: name, result and error."""


@cache
def why_not() -> str:
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"
    tried = subprocess.run([strace, "-o", "/dev/null", "true"], capture_output=True, check=False)
    return "tracing is forbidden on this machine" if tried.returncode else ""


def traced(folder: Path, program: Path) -> Processes:
    """By strace, from the program's own first call on."""
    log = folder / "strace"
    subprocess.run(["strace", "-f", "-o", log, program], check=True, timeout=60)
    found: Processes = {}
    _, first, after = log.read_text().partition(FIRST)
    assert first
    for line in after.splitlines()[1:]:
        if match := LINE.match(line):
            name = SAME.get(match[2], match[2])
            if name in COMPARED:
                outcome = (int(match[3], 0), match[4] or "") if match[3] else (-1, "EINTR")
                found.setdefault(int(match[1]), []).append((name, *outcome))
    return found


def observed_calls(recording: Recording) -> Processes:
    found: Processes = {}
    assert recording.records[1].call == "listen" and not recording.wrapped
    for record in recording.records[2:]:
        name = SAME.get(record.call, record.call)
        if name in COMPARED and not record.child:
            assert record.result is not None
            found.setdefault(record.pid, []).append((name, record.result, record.error))
    return found


def by_order(processes: Processes) -> Processes:
    """Each process by the order in which it appeared; results that are processes, too."""
    order = {pid: number for number, pid in enumerate(processes)}
    return {
        order[pid]: [
            (name, order.get(result, result) if name in ("fork", "wait") else result, error)
            for name, result, error in calls
        ]
        for pid, calls in processes.items()
    }


@pytest.mark.parametrize("what", BODIES)
def test_strace_sees_the_same_calls_results_and_errors(tmp_path: Path, what: str) -> None:
    if why_not():
        pytest.skip(why_not())
    includes = "".join(f"#include <{header}>\n" for header in HEADERS)
    pair = "socketpair(AF_UNIX, SOCK_STREAM, 0, ends);"
    program = built("g++ -std=c++20", includes + code(f"{BEFORE} {FIRST}; {pair} {BODIES[what]}"))
    recording, _, status = observed_program(tmp_path, program)
    assert status == 0
    ours, theirs = by_order(observed_calls(recording)), by_order(traced(tmp_path, program))
    assert ours == theirs
    assert {error for calls in ours.values() for *_, error in calls} >= set(
        re.findall(r"// (E[A-Z]+)", BODIES[what])
    )
