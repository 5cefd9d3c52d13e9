from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest

from checker import loop
from checker.failure import CheckFailed
from checker.peers import stream
from checker.tests.wire import Wire

SHORT = 0.05
FIN = "the orderly end of the connection (FIN)"
RST = "a reset of the connection (RST)"
SILENCE = "silence for 0.1 s, the connection still open"


@pytest.fixture
def wire() -> Iterator[Wire]:
    made = Wire()
    with closing(made.program):
        yield made


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for an answer."""
    monkeypatch.setattr(stream, "REPLY", SHORT)
    monkeypatch.setattr(loop, "OVERTIME", SHORT)


def failure(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(CheckFailed) as caught:
        act()
    return caught.value.expected, caught.value.got


# How an answer can be missing


def test_silence_is_told(wire: Wire) -> None:
    assert failure(lambda: wire.peer.hears(b"Hello", within=SHORT)) == (
        '5 bytes, "Hello"',
        f"no byte, but {SILENCE}",
    )


def test_an_end_without_an_answer_is_told(wire: Wire) -> None:
    wire.program.close()
    assert failure(lambda: wire.peer.hears(b"Hello"))[1] == f"no byte, but {FIN}"


def test_a_reset_without_an_answer_is_told(wire: Wire) -> None:
    wire.resets()
    assert failure(lambda: wire.peer.hears(b"Hello"))[1] == f"no byte, but {RST}"


def test_a_part_of_an_answer_and_then_silence_is_told(wire: Wire) -> None:
    wire.program.send(b"He")
    got = failure(lambda: wire.peer.hears(b"Hello", within=SHORT))[1]
    assert got == f'2 bytes of 5 bytes, then {SILENCE}\n2 bytes, "He"'


def test_a_part_of_an_answer_and_then_the_end_is_told(wire: Wire) -> None:
    wire.program.send(b"H")
    wire.program.close()
    got = failure(lambda: wire.peer.hears(b"Hello"))[1]
    assert got == f'1 byte of 5 bytes, then {FIN}\n1 byte, "H"'


def test_a_part_of_an_answer_and_then_a_reset_is_told(wire: Wire) -> None:
    wire.program.send(b"H")
    failure(wire.peer.hears_nothing)  # the byte has arrived; a reset takes what is still on its way
    wire.resets()
    got = failure(lambda: wire.peer.hears(b"Hello"))[1]
    assert got == f'1 byte of 5 bytes, then {RST}\n1 byte, "H"'


def test_wrong_bytes_are_shown_at_their_first_difference(wire: Wire) -> None:
    wire.program.send(b"Hallo")
    expected, got = failure(lambda: wire.peer.hears(b"Hello"))
    assert expected.splitlines() == ["5 bytes", '"Hello"']
    assert got.splitlines()[-1] == "  ^ first difference at byte 1"


def test_every_way_has_words_of_its_own(wire: Wire) -> None:
    ways: list[Callable[[Wire], object]] = [
        lambda _: None,
        lambda w: w.program.close(),
        lambda w: w.resets(),
        lambda w: w.program.send(b"He"),
        lambda w: w.program.send(b"Jello"),
    ]
    told = set()
    for way in ways:
        each = Wire()
        way(each)
        told.add(failure(partial(each.peer.hears, b"Hello", within=SHORT))[1])
        each.program.close()
    assert len(told) == len(ways)
    wire.program.close()


# Hearing


def test_an_answer_may_come_in_pieces(wire: Wire) -> None:
    wire.program.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for byte in b"Hello":
        wire.program.send(bytes([byte]))
    wire.peer.hears(b"Hello")


def test_what_comes_after_the_answer_is_kept_for_the_next(wire: Wire) -> None:
    wire.program.send(b"onetwo")
    wire.peer.hears(b"one")
    wire.peer.hears(b"two")


def test_an_orderly_end_is_heard(wire: Wire) -> None:
    wire.program.close()
    wire.peer.hears_end()


def test_a_reset_is_no_orderly_end(wire: Wire) -> None:
    wire.resets()
    assert failure(wire.peer.hears_end) == (FIN, RST)


def test_silence_is_no_end(wire: Wire) -> None:
    assert failure(lambda: wire.peer.hears_end(within=SHORT)) == (FIN, SILENCE)


def test_more_bytes_are_no_end(wire: Wire) -> None:
    wire.program.send(b"?")
    wire.program.close()
    assert failure(wire.peer.hears_end) == (FIN, 'more bytes: 1 byte, "?"')


def test_nothing_is_nothing(wire: Wire) -> None:
    wire.peer.hears_nothing()


def test_a_byte_is_not_nothing(wire: Wire) -> None:
    wire.program.send(b"x")
    assert failure(wire.peer.hears_nothing) == ("no byte", '1 byte, "x"')


def test_an_end_is_not_nothing(wire: Wire) -> None:
    wire.program.close()
    assert failure(wire.peer.hears_nothing)[1] == "its orderly end (FIN)"


def test_a_reset_is_not_nothing(wire: Wire) -> None:
    wire.resets()
    assert failure(wire.peer.hears_nothing)[1] == "a reset (RST)"


def test_all_is_heard_up_to_the_end(wire: Wire) -> None:
    wire.program.send(b"all of it")
    wire.program.close()
    assert wire.peer.hears_all() == b"all of it"
    assert wire.peer.closing == "end"


def test_all_is_never_heard_of_who_goes_silent(wire: Wire) -> None:
    wire.program.send(b"some")
    assert failure(lambda: wire.peer.hears_all(within=SHORT))[0] == FIN


def test_who_never_stops_sending_is_stopped(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "FLOOD", 100_000)
    pouring = threading.Thread(target=_pour, args=(wire.program,))
    pouring.start()
    assert failure(wire.peer.hears_all) == (
        "at most 100,000 bytes at once",
        "more, and still no end",
    )
    wire.peer.resets()
    pouring.join()


def _pour(program: socket.socket) -> None:
    with pytest.raises(ConnectionError):
        while True:
            program.sendall(bytes(65536))


# Speaking


def test_what_is_said_arrives(wire: Wire) -> None:
    wire.peer.says(b"Hello")
    assert wire.program.recv(100) == b"Hello"


def test_a_dribble_arrives_in_its_order(wire: Wire) -> None:
    wire.peer.dribbles([b"He", b"l", b"lo"])
    wire.peer.ends()
    assert _all_of(wire.program) == b"Hello"


def test_what_drips_is_read_piece_by_piece(wire: Wire) -> None:
    pieces: list[bytes] = []
    reading = threading.Thread(
        target=lambda: pieces.extend(iter(lambda: wire.program.recv(100), b""))
    )
    reading.start()
    wire.peer.drips([b"He", b"l", b"lo"])
    wire.peer.ends()
    reading.join()
    assert pieces == [b"He", b"l", b"lo"]


@pytest.mark.usefixtures("hurried")
def test_who_does_not_read_the_first_drip_is_told(wire: Wire) -> None:
    got = failure(lambda: wire.peer.drips([b"He", b"llo"]))[1]
    assert got == "2 bytes unread for 0.1 s"


@pytest.mark.usefixtures("hurried")
def test_who_takes_nothing_is_told_how_much_it_took(wire: Wire) -> None:
    wire.narrows()
    expected, got = failure(lambda: wire.peer.says(bytes(8_000_000)))
    assert expected == "the program to take 8,000,000 bytes"
    assert got.endswith(" bytes of 8,000,000 bytes taken, then nothing for 0.1 s")


def test_who_resets_takes_no_more(wire: Wire) -> None:
    wire.resets()
    got = failure(lambda: wire.peer.says(b"x" * 100))[1]
    assert got == "0 bytes of 100 bytes taken, then a reset (RST)"


def test_a_half_close_leaves_the_other_direction_open(wire: Wire) -> None:
    wire.peer.ends()
    assert wire.program.recv(10) == b""
    wire.program.send(b"still here")
    wire.peer.hears(b"still here")


def test_a_close_is_orderly(wire: Wire) -> None:
    wire.peer.closes()
    assert wire.program.recv(10) == b""


def test_a_reset_is_one(wire: Wire) -> None:
    wire.peer.resets()
    with pytest.raises(ConnectionResetError):
        wire.program.recv(10)


def test_an_echo_larger_than_all_buffers_is_heard_while_it_is_sent(wire: Wire) -> None:
    echoing = threading.Thread(target=_echo, args=(wire.program,))
    echoing.start()
    data = bytes(range(256)) * 40_000
    wire.peer.says_and_hears(data, data)
    wire.peer.streams(b"0123456789" * 1000, times=300)
    wire.peer.ends()
    wire.peer.hears_end()
    echoing.join()


@pytest.mark.usefixtures("hurried")
def test_a_stream_whose_echo_stops_says_how_far_it_came(wire: Wire) -> None:
    wire.program.send(b"abcabcab")
    expected, got = failure(lambda: wire.peer.streams(b"abc", times=4))
    assert expected == "12 bytes of echo"
    assert got == f"8 bytes of 12 bytes, then {SILENCE}"


def test_a_stream_whose_echo_ends_says_so(wire: Wire) -> None:
    wire.program.send(b"abcabcab")
    wire.program.shutdown(socket.SHUT_WR)
    got = failure(lambda: wire.peer.streams(b"abc", times=4))[1]
    assert got == f"8 bytes of 12 bytes, then {FIN}"


def test_a_stream_with_a_wrong_byte_shows_it(wire: Wire) -> None:
    wire.program.send(b"abcabXabcabc")
    got = failure(lambda: wire.peer.streams(b"abc", times=4))[1]
    assert got.endswith("first difference at byte 5")


@pytest.mark.usefixtures("hurried")
def test_who_ends_its_half_and_reads_nothing_cannot_make_us_wait_for_ever(wire: Wire) -> None:
    wire.narrows()
    wire.program.shutdown(socket.SHUT_WR)
    data = bytes(8_000_000)
    assert "taken, then nothing" in failure(lambda: wire.peer.says_and_hears(data, data))[1]


def test_filling_stops_when_nothing_more_fits(wire: Wire) -> None:
    wire.narrows()
    sent = wire.peer.fill()
    wire.peer.ends()
    assert len(_all_of(wire.program)) == sent > 0


# The record


def test_each_act_is_a_step(wire: Wire) -> None:
    wire.program.send(b"a")
    wire.peer.says(b"Hi\n")
    wire.peer.hears(b"a")
    wire.peer.ends()
    wire.program.shutdown(socket.SHUT_WR)
    wire.peer.hears_end()
    wire.peer.closes()
    assert wire.timeline.sentences() == [
        r'client 1 sends 3 bytes, "Hi\n"',
        'client 1 waits for 1 byte, "a"',
        "client 1 ends its half of the connection (FIN), and still listens",
        "client 1 waits for the end of the connection (FIN)",
        "client 1 closes the connection",
    ]


def test_the_step_that_fails_is_the_last_one(wire: Wire) -> None:
    wire.program.close()
    failure(lambda: wire.peer.hears(b"x"))
    assert wire.timeline.sentences()[-1] == 'client 1 waits for 1 byte, "x"'


def test_both_ends_know_their_addresses(wire: Wire) -> None:
    assert wire.peer.address() == wire.program.getsockname()
    assert wire.peer.here() == wire.program.getpeername()
    assert wire.peer.port() == wire.program.getpeername()[1]


def _all_of(program: socket.socket) -> bytes:
    return b"".join(iter(lambda: program.recv(65536), b""))


def _echo(program: socket.socket) -> None:
    for piece in iter(lambda: program.recv(65536), b""):
        program.sendall(piece)
    program.shutdown(socket.SHUT_WR)
