"""The lab's end of a wire, and who speaks through it."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from checker.clock import Deadline
from checker.loop import Loop
from checker.scene import Scene
from checker.source import UnusableSourceError
from checker.timeline import Timeline
from checker.trace import ends
from checker.trace.ends import Answer, Connection, End, Mailbox, echoes, leaves, listens, quoted
from checker.trace.server import Server
from checker.trace.typed import Typed

LONG = 10.0


@dataclass
class Stage:
    """What an end needs of a scene."""

    loop: Loop = field(default_factory=Loop)
    timeline: Timeline = field(default_factory=Timeline)

    def serves(self, seconds: float = 0.0) -> None:
        self.loop.wait(lambda: False, Deadline(seconds))

    def says(self, text: str) -> None:
        """Serves until the last step is this one."""
        assert self.loop.wait(lambda: self.steps()[-1:] == [text], Deadline(LONG)), self.steps()

    def steps(self) -> list[str]:
        return [event.text for event in self.timeline.events]

    @property
    def scene(self) -> Scene:
        return cast(Scene, self)


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def far() -> Iterator[socket.socket]:
    """The program's end of the next connection."""
    with socket.socket() as sock:
        sock.settimeout(LONG)
        yield sock


def connected(stage: Stage, far: socket.socket, answer: Answer = listens) -> Connection:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        far.connect(listener.getsockname())
        return Connection("the server", listener.accept()[0], stage.scene, answer)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


# TCP


def test_it_tells_what_it_says_and_hears(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far)
    end.says(b"one\n")
    assert not end.answered
    assert far.recv(100) == b"one\n"
    far.send(b"\0two")
    stage.says('hears 4 bytes, "\\0two"')
    assert end.answered
    assert stage.steps() == ['sends 4 bytes, "one\\n"', 'hears 4 bytes, "\\0two"']


def test_it_is_over_when_both_have_ended(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far)
    end.ends()
    assert far.recv(100) == b""
    assert not end.over
    far.close()
    stage.says("hears the end (FIN)")
    assert end.over


def test_an_echo_ends_when_the_other_end_does(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far, echoes)
    far.send(b"back")
    far.shutdown(socket.SHUT_WR)
    stage.says("ends its half (FIN)")
    assert far.recv(100) == b"back" and far.recv(100) == b""
    assert end.over


def test_one_that_only_listens_stays_until_it_is_told(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far, listens)
    far.shutdown(socket.SHUT_WR)
    stage.says("hears the end (FIN)")
    assert not end.over
    end.says(b"late")
    end.ends()
    assert far.recv(100) == b"late"
    assert end.over


def test_one_that_leaves_ends_when_the_other_end_does(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far, leaves)
    far.close()
    stage.says("ends its half (FIN)")
    assert end.over


def test_what_nobody_takes_is_sent_when_there_is_room(stage: Stage, far: socket.socket) -> None:
    size = 32 * 1024 * 1024
    end = connected(stage, far)
    end.says(bytes(size))
    end.ends()
    assert "ends its half (FIN)" not in stage.steps()
    far.settimeout(0)
    heard = 0
    while True:
        try:
            piece = far.recv(1 << 20)
        except BlockingIOError:
            stage.serves()
            continue
        if not piece:
            break
        heard += len(piece)
    assert heard == size
    assert stage.steps()[-1] == "ends its half (FIN)"


@pytest.mark.parametrize("unsent", [False, True])
def test_a_reset_is_told(stage: Stage, far: socket.socket, unsent: bool) -> None:
    end = connected(stage, far)
    if unsent:
        end.says(bytes(32 * 1024 * 1024))
    reset(far)
    stage.says("loses the connection: a reset (RST)")
    assert end.over
    steps = stage.steps()
    end.says(b"nobody hears it")
    end.ends()
    stage.serves()
    assert stage.steps() == steps


def test_nothing_can_be_said_after_the_end(stage: Stage, far: socket.socket) -> None:
    end = connected(stage, far)
    end.ends()
    end.says(b"late")
    end.ends()
    assert stage.steps() == ["ends its half (FIN)"]


@pytest.mark.parametrize("size", [1, ends.WHOLE, ends.WHOLE + 1])
def test_what_is_long_is_cut(size: int) -> None:
    assert ("…" in quoted(b"a" * size)) == (size > ends.WHOLE)


def test_nothing_is_no_bytes() -> None:
    assert quoted(b"") == "0 bytes"


# UDP


@pytest.fixture
def asker() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(LONG)
        yield sock


def test_a_mailbox_answers_whoever_wrote_last(stage: Stage, asker: socket.socket) -> None:
    port = free_port()
    Mailbox("the server", ("127.0.0.1", port), stage.scene, echoes)
    for word in (b"one", b""):
        asker.sendto(word, ("127.0.0.1", port))
        stage.says(f"sends a datagram of {quoted(word)}")
        assert asker.recvfrom(100) == (word, ("127.0.0.1", port))


def test_it_answers_from_the_address_that_was_asked(stage: Stage, asker: socket.socket) -> None:
    port = free_port()
    Mailbox("the server", ("0.0.0.0", port), stage.scene, echoes)
    asker.sendto(b"who?", ("127.7.8.9", port))
    stage.says('sends a datagram of 4 bytes, "who?"')
    assert asker.recvfrom(100)[1] == ("127.7.8.9", port)


def test_a_mailbox_is_over_when_each_datagram_has_its_answer(
    stage: Stage, asker: socket.socket
) -> None:
    end = Mailbox("the client", ("127.0.0.1", 0), stage.scene, leaves, asker.getsockname())
    for _ in range(2):
        end.says(b"hello")
    end.ends()
    for _ in range(2):
        assert (end.over, end.answered) == (False, False)
        _, where = asker.recvfrom(100)
        asker.sendto(b"yes", where)
        stage.serves()
    assert end.over and end.answered


def test_it_waits_no_longer_than_an_answer_may_take(
    stage: Stage, asker: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ends, "REPLY", 0.0)
    end = Mailbox("the client", ("127.0.0.1", 0), stage.scene, leaves, asker.getsockname())
    end.says(b"hello")
    assert not end.over
    end.ends()
    assert end.over and not end.answered


def test_what_is_too_long_for_a_datagram_is_told(stage: Stage, asker: socket.socket) -> None:
    end = Mailbox("the client", ("127.0.0.1", 0), stage.scene, leaves, asker.getsockname())
    end.says(bytes(70_000))
    assert stage.steps()[-1] == "cannot send it: Message too long"


# A server


def free_port() -> int:
    """One that neither TCP nor UDP uses."""
    while True:
        with socket.socket() as tcp, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            try:
                udp.bind(tcp.getsockname())
            except OSError:
                continue
            return int(tcp.getsockname()[1])


def test_a_server_serves_tcp_and_udp_on_its_port(
    stage: Stage, far: socket.socket, asker: socket.socket
) -> None:
    port, met = free_port(), list[End]()
    Server(stage.scene, ("127.0.0.1", port), echoes, met.append)
    asker.sendto(b"datagram", ("127.0.0.1", port))
    stage.says('sends a datagram of 8 bytes, "datagram"')
    far.connect(("127.0.0.1", port))
    far.send(b"stream")
    stage.says('sends 6 bytes, "stream"')
    assert (asker.recv(100), far.recv(100)) == (b"datagram", b"stream")
    assert [type(end) for end in met] == [Mailbox, Connection]


def test_a_port_that_is_taken_is_told(stage: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()
        with pytest.raises(UnusableSourceError) as told:
            Server(stage.scene, address, echoes, lambda _: None)
    assert str(told.value) == f"port {address[1]}: Address already in use"


# What is typed


class Heard:
    """An end that remembers what it was to say."""

    answered = True
    over = False

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.ended = False

    def says(self, data: bytes) -> None:
        self.said.append(data)

    def ends(self) -> None:
        self.ended = True


@pytest.fixture
def keys() -> Iterator[tuple[int, int]]:
    """A pipe."""
    read, write = os.pipe()
    yield read, write
    os.close(read)


def test_each_line_is_said_when_it_is_whole(stage: Stage, keys: tuple[int, int]) -> None:
    typed, end = Typed(stage.loop, keys[0]), Heard()
    typed.meets(end)
    os.write(keys[1], b"one\ntwo\nth")
    stage.serves()
    assert (end.said, end.ended) == ([b"one\n", b"two\n"], False)
    os.write(keys[1], b"ree")
    os.close(keys[1])
    stage.serves()
    assert (end.said[2:], end.ended) == ([b"three"], True)


def test_what_is_typed_before_anybody_is_there_waits(stage: Stage, keys: tuple[int, int]) -> None:
    typed, end = Typed(stage.loop, keys[0]), Heard()
    os.write(keys[1], b"one\n")
    os.close(keys[1])
    stage.serves()
    typed.meets(end)
    assert (end.said, end.ended) == ([b"one\n"], True)


def test_what_nobody_hears_any_more_waits_for_the_next(stage: Stage, keys: tuple[int, int]) -> None:
    typed, first, second = Typed(stage.loop, keys[0]), Heard(), Heard()
    typed.meets(first)
    first.over = True
    os.write(keys[1], b"one\n")
    stage.serves()
    typed.meets(second)
    assert (first.said, second.said) == ([], [b"one\n"])
    os.close(keys[1])


@pytest.mark.parametrize("content", [b"", b"one\n", b"one\ntwo"])
def test_a_file_is_read_at_once(stage: Stage, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    end = Heard()
    with file.open("rb") as opened:
        Typed(stage.loop, opened.fileno()).meets(end)
    assert (b"".join(end.said), end.ended) == (content, True)


def test_a_descriptor_that_is_closed_is_at_its_end(stage: Stage) -> None:
    end, closed = Heard(), os.dup(0)
    os.close(closed)
    Typed(stage.loop, closed).meets(end)
    assert (end.said, end.ended) == ([], True)
