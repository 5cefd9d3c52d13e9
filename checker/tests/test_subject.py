"""What a check may demand of a program, and the words in which each failure is told."""

from __future__ import annotations

import signal
from collections.abc import Callable

import pytest

from checker import subject
from checker.clock import Deadline
from checker.failure import CheckFailed
from checker.scene import Scene
from checker.sockets import Protocol
from checker.subject import Subject
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

PORT = 2345
SHORT = 0.2
MORE = 30.0
"""Seconds that no test needs."""


def on(main: str, act: Callable[[Subject], object], template: str = "") -> object:
    return on_stage(program(main), lambda scene: act(scene.start(port=PORT)), template)


def failure(main: str, act: Callable[[Subject], object], template: str = "") -> tuple[str, str]:
    with pytest.raises(CheckFailed) as caught:
        on(main, act, template)
    return caught.value.expected, caught.value.got


# Where it listens


def listens(protocol: Protocol = "TCP") -> Callable[[Subject], None]:
    return lambda subject: subject.listens(protocol, PORT)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for a server."""
    monkeypatch.setattr(subject, "READY", SHORT)


BINDS_UDP = r"""
  int letterbox = socket(AF_INET, SOCK_DGRAM, 0);
  auto here = at("0.0.0.0", argv[1]);
  bind(letterbox, reinterpret_cast<sockaddr*>(&here), sizeof here);
  pause();
"""


def test_a_server_that_listens_does() -> None:
    on("listening(argv[1]); pause();", listens(), "{port}")


def test_a_udp_server_that_is_bound_does() -> None:
    on(BINDS_UDP, listens("UDP"), "{port}")


def test_a_server_may_listen_in_a_child() -> None:
    on("if (fork() == 0) { listening(argv[1]); pause(); } pause();", listens(), "{port}")


def test_a_server_that_ends_as_soon_as_it_listens_never_does() -> None:
    main = "listening(argv[1]); for (long left = 10'000'000; left > 0; --left) asm volatile(\"\");"
    assert failure(main, listens(), "{port}")[1] == "it exited with status 0"


def test_a_server_that_never_waits_listens() -> None:
    on('listening(argv[1]); for (;;) asm volatile("");', listens(), "{port}")


@pytest.mark.usefixtures("hurried")
def test_a_server_that_never_listens_is_told() -> None:
    assert failure("pause();", listens(), "{port}") == (
        "a TCP socket that listens on port 2345",
        "it still runs, but listens nowhere after 0.2 s",
    )


def test_a_server_that_ends_instead_is_told_with_its_last_words() -> None:
    got = failure('fputs("error: bind: why\\n", stderr); return 1;', listens(), "{port}")[1]
    assert got == 'it exited with status 1, saying "error: bind: why" on standard error'


@pytest.mark.usefixtures("hurried")
def test_a_server_on_another_port_is_told_which() -> None:
    assert failure('listening("2346"); pause();', listens())[1] == "it listens on TCP port 2346"


@pytest.mark.usefixtures("hurried")
def test_a_forgotten_htons_is_recognised() -> None:
    swapped = int.from_bytes(PORT.to_bytes(2, "little"), "big")
    got = failure(f'listening("{swapped}"); pause();', listens())[1]
    assert got == f"TCP port {swapped}, which is 2345 with its bytes swapped: htons?"


@pytest.mark.usefixtures("hurried")
def test_the_wrong_protocol_is_told() -> None:
    assert failure(BINDS_UDP, listens(), "{port}")[1] == "a UDP socket on port 2345"


@pytest.mark.usefixtures("hurried")
def test_a_socket_that_is_bound_but_does_not_listen_is_not_enough() -> None:
    main = BINDS_UDP.replace("SOCK_DGRAM", "SOCK_STREAM")
    assert "listens nowhere" in failure(main, listens(), "{port}")[1]


# How it ends


def test_success_is_status_0() -> None:
    on("return 0;", lambda it: it.succeeds(MORE))


def test_another_status_is_no_success() -> None:
    expected, got = failure("return 3;", lambda it: it.succeeds(MORE))
    assert (expected, got) == ("exit status 0", "it exited with status 3")


def test_death_by_a_signal_is_no_success() -> None:
    got = failure("abort();", lambda it: it.succeeds(MORE))[1]
    assert got == "it was killed by signal 6 (SIGABRT)"


def test_who_does_not_exit_still_runs() -> None:
    got = failure("pause();", lambda it: it.exits(SHORT))[1]
    assert got == "it still runs after 0.2 s"


def test_who_floods_is_told_so_and_not_that_a_signal_killed_it() -> None:
    flood = 'for (;;) puts("la la la");'
    assert failure(flood, lambda it: it.exits(MORE)) == (
        "the program to exit by itself",
        "it was stopped, having printed 1,048,576 bytes",
    )


def test_a_running_program_runs() -> None:
    on("pause();", lambda it: it.still_runs())


def test_who_has_ended_runs_no_more() -> None:
    def act(it: Subject) -> None:
        it.exits(MORE)
        it.still_runs()

    expected, got = failure("return 2;", act)
    assert (expected, got) == ("a running program", "it exited with status 2")


@pytest.mark.parametrize("main", ["pause();", "signal(SIGTERM, _exit); pause();"])
def test_a_signal_ends_it_by_default_or_in_its_own_way(main: str) -> None:
    on(main, lambda it: it.stops_on(signal.SIGTERM, MORE))


def test_while_it_is_paused_it_does_nothing() -> None:
    def act(scene: Scene) -> tuple[bytes, bytes]:
        it = scene.start("piped")
        with it.paused():
            it.reads(b"x")
            scene.loop.wait(lambda: bool(it.program.stdout), Deadline(SHORT))
            heard = bytes(it.program.stdout)
        it.prints(b"x", MORE)
        return heard, bytes(it.program.stdout)

    main = "char byte; if (read(0, &byte, 1) == 1) putchar(byte);"
    assert on_stage(program(main), act, "") == (b"", b"x")


def test_out_of_descriptors_it_opens_none_and_later_one_again() -> None:
    def act(scene: Scene) -> list[str]:
        it = scene.start("piped")
        it.prints(b"done\n", MORE)
        with it.out_of_descriptors():
            it.reads(b"x")
            it.prints(b"done\nToo many open files\n", MORE)
        it.reads(b"x")
        return it.prints_lines(MORE)

    main = "char b; for (int i = 0; i < 3; ++i) puts(said(dup(0))), i < 2 && read(0, &b, 1);"
    assert on_stage(program(main), act, "") == ["done", "Too many open files", "done"]


# Failures that it must notice


def notices(it: Subject) -> None:
    it.notices_failure(claims=b"connected", within=MORE)


@pytest.mark.parametrize(
    "main",
    ["return 1;", 'fputs("no\\n", stderr);', 'puts("cannot"); fputs("no\\n", stderr); return 9;'],
)
def test_a_message_or_a_status_is_enough_to_notice_a_failure(main: str) -> None:
    on(main, notices)


def test_silent_success_does_not_notice() -> None:
    assert failure("return 0;", notices)[1] == "no message, and exit status 0"


def test_a_crash_does_not_notice() -> None:
    got = failure('fputs("no\\n", stderr); abort();', notices)[1]
    assert got == 'it was killed by signal 6 (SIGABRT), saying "no" on standard error'


def test_who_claims_success_does_not_notice() -> None:
    assert failure('puts("connected to it"); return 1;', notices) == (
        'no "connected" on standard output',
        r'it printed 16 bytes, "connected to it\n"',
    )


def reports(it: Subject) -> None:
    it.reports("read", "Connection reset by peer", or_calls=("recv",), within=MORE)


@pytest.mark.parametrize("call", ["read", "recv"])
def test_the_standard_form_is_accepted(call: str) -> None:
    on(f'fputs("error: {call}: Connection reset by peer\\n", stderr); return 1;', reports)


@pytest.mark.parametrize(
    "said",
    [
        "read: Connection reset by peer",
        "Error: read: Connection reset by peer",
        "error: read: no",
        "",
    ],
)
def test_another_form_is_not(said: str) -> None:
    expected, got = failure(f'fputs("{said}\\n", stderr); return 1;', reports)
    assert expected == "`error: read: Connection reset by peer` on standard error"
    assert got.startswith("standard error: ")


def test_the_standard_form_with_another_status_is_not_accepted() -> None:
    main = 'fputs("error: read: Connection reset by peer\\n", stderr); return 2;'
    assert failure(main, reports) == ("exit status 1", "it exited with status 2")


# What it prints


def test_what_it_prints_is_compared_up_to_what_is_expected() -> None:
    on('puts("echo: Hello and more");', lambda it: it.prints(b"echo: Hello", MORE))


def test_a_wrong_output_is_shown_at_its_first_difference() -> None:
    got = failure('puts("echo: Hallo");', lambda it: it.prints(b"echo: Hello\n", MORE))[1]
    assert got.endswith("^ first difference at byte 7")


def test_no_output_is_told_with_what_became_of_it() -> None:
    got = failure("return 4;", lambda it: it.prints(b"x", MORE))[1]
    assert got == "nothing on standard output; it exited with status 4"
    got = failure("pause();", lambda it: it.prints(b"x", SHORT))[1]
    assert got == "nothing on standard output; it still runs"


@pytest.mark.parametrize("printed", ["Hi", "Hi\\n", "Hi\\n\\n"])
def test_a_line_end_may_be_missing_or_doubled(printed: str) -> None:
    def act(it: Subject) -> None:
        it.exits(MORE)
        it.has_printed(b"Hi\n")

    on(f'fputs("{printed}", stdout);', act)


def test_three_line_ends_are_too_many() -> None:
    def act(it: Subject) -> None:
        it.exits(MORE)
        it.has_printed(b"Hi\n")

    failure(r'fputs("Hi\n\n\n", stdout);', act)


def test_what_a_terminal_would_obey_is_told_as_bytes() -> None:
    got = failure(r'fputs("\33[2J", stderr); return 1;', lambda it: it.succeeds(MORE))[1]
    assert got == r'it exited with status 1, saying "\e[2J" on standard error'


# Memory errors


def sanitised(main: str) -> str:
    def act(scene: Scene) -> str:
        scene._sanitised = True
        it = scene.start()
        it.exits(MORE)
        with pytest.raises(CheckFailed) as caught:
            it.has_no_memory_error()
        assert caught.value.got == it.describe()
        return caught.value.got

    return on_stage(program(main, "sanitised"), act, "")


def test_a_write_past_the_end_is_told_with_its_place() -> None:
    told = sanitised("char b[8]; volatile int n = 8; b[n] = 0; puts(b);")
    assert "index 8 out of bounds" in told or "stack-buffer-overflow" in told
    assert "main.cpp:" in told


def test_a_use_after_free_is_told_with_its_place() -> None:
    told = sanitised("char* b = new char[8]; delete[] b; return *const_cast<volatile char*>(b);")
    assert told.startswith("memory error: heap-use-after-free (in main, main.cpp:")


def test_undefined_arithmetic_is_told_with_its_place() -> None:
    told = sanitised("volatile int big = 2147483647; return big + argc;")
    assert told.startswith("undefined behaviour: signed integer overflow")
    assert "main.cpp:" in told


def test_a_program_without_memory_errors_has_none() -> None:
    on("return 0;", lambda it: it.has_no_memory_error())
