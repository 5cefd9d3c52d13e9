"""Fault plans in a running program: what the program sees, and that it is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.observer import PLAN, image
from checker.tests.observed import observed

PAIR = "int ends[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, ends); char all[99];"


def test_a_short_write_really_writes_less(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      for (int i = 0; i < 3; ++i) printf("%zd ", write(ends[0], "123456", 6));
      printf("%zd", read(ends[1], all, sizeof all));
    """
    )
    recording, said, _ = observed(tmp_path, body, faults="write short 3 on call 2")
    assert said == "6 3 6 15"
    assert [record.injected for record in recording.calls("write")] == [False, True, False]
    assert recording.calls("write")[1].payload == b"123"


def test_a_short_read_really_leaves_the_rest(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      write(ends[0], "123456", 6);
      for (int i = 0; i < 2; ++i) printf("%zd ", read(ends[1], all, sizeof all));
    """
    )
    recording, said, _ = observed(tmp_path, body, faults="read short 2 once")
    assert said == "2 4 "
    assert [record.payload for record in recording.calls("read")] == [b"12", b"3456"]


def test_gathered_and_message_calls_are_shortened_across_their_parts(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      iovec parts[2] = {{all, 4}, {all + 4, 4}};
      memcpy(all, "abcdefgh", 8);
      msghdr message{};
      message.msg_iov = parts;
      message.msg_iovlen = 2;
      printf("%zd ", writev(ends[0], parts, 2));
      printf("%zd ", sendmsg(ends[0], &message, 0));
      printf("%zd ", readv(ends[1], parts, 2));
      printf("%zd %zu", recvmsg(ends[1], &message, 0), parts[1].iov_len);
    """
    )
    rules = "send* short 5; recv* short 3"
    recording, said, _ = observed(tmp_path, body, faults=rules, headers=("sys/uio.h",))
    assert said == "5 5 3 3 4"
    kept = [r.payload for r in recording.calls("writev", "sendmsg", "readv", "recvmsg")]
    assert kept == [b"abcde", b"abcde", b"abc", b"dea"]


def test_errors_come_on_the_calls_named_and_the_real_call_is_not_made(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      write(ends[0], "x", 1);
      for (int i = 0; i < 4; ++i) puts(said(recv(ends[1], all, 1, MSG_DONTWAIT)));
    """
    )
    _, said, _ = observed(tmp_path, body, faults="recv EINTR on calls 1,4")
    interrupted, again = "Interrupted system call", "Resource temporarily unavailable"
    assert said.split("\n") == [interrupted, "done", again, interrupted, ""]


@pytest.mark.parametrize(
    ("rule", "body", "says"),
    [
        ("fork EAGAIN once", "puts(said(fork()));", "Resource temporarily unavailable"),
        ("accept* ECONNABORTED", "puts(said(accept(0, nullptr, nullptr)));", "connection abort"),
        ("gethostname ENAMETOOLONG", "char n[9]; puts(said(gethostname(n, 9)));", "name too long"),
        ("socket EMFILE", "puts(said(socket(AF_INET, SOCK_STREAM, 0)));", "Too many open files"),
        (
            "getaddrinfo EAI_AGAIN",
            'addrinfo* list; puts(gai_strerror(getaddrinfo("a", "b", nullptr, &list)));',
            "Temporary failure in name resolution",
        ),
    ],
)
def test_a_program_meets_what_it_never_meets(
    tmp_path: Path, rule: str, body: str, says: str
) -> None:
    recording, said, _ = observed(tmp_path, body, faults=rule)
    assert says in said
    assert recording.records[1].injected and recording.counts[0] == 1


def test_a_close_that_fails_closes(tmp_path: Path) -> None:
    body = PAIR + "puts(said(close(ends[0]))); puts(said(fcntl(ends[0], F_GETFD)));"
    _, said, _ = observed(tmp_path, body, faults="close EINTR once")
    assert said == "Interrupted system call\nBad file descriptor\n"


def test_calls_are_counted_over_all_processes(tmp_path: Path) -> None:
    body = (
        PAIR
        + """
      for (int i = 0; i < 3; ++i) {
        if (fork() == 0) { puts(said(write(ends[0], "x", 1))); fflush(stdout); _exit(0); }
        wait(nullptr);
      }
    """
    )
    recording, said, _ = observed(tmp_path, body, faults="write EPIPE on call 2")
    assert said == "done\nBroken pipe\ndone\n"
    assert recording.counts[0] == 3


def test_a_bad_plan_is_refused_as_a_whole_and_says_so(tmp_path: Path) -> None:
    body = "puts(said(socket(AF_INET, SOCK_STREAM, 0)));"
    recording, said, _ = observed(tmp_path, body, faults="socket EMFILE; reed EINTR")
    assert said == "done\n"
    assert recording.refused.endswith("fault plan refused, rule 2")


def test_a_plan_that_does_not_fit_is_no_plan() -> None:
    with pytest.raises(ValueError, match="2048"):
        image("x" * (PLAN + 1))
