"""The arena's packets in a file, read back."""

from __future__ import annotations

import errno
import io
import socket
import struct
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker import cli
from checker.arena import Arena
from checker.clock import Deadline
from checker.loop import Loop
from checker.tests.command import lab, one_line
from checker.tests.inside import in_arena
from checker.tests.test_trace import said, solve
from checker.trace.capture import Capture

SYN, FIN = 0x02, 0x01
TCP, UDP = 6, 17


@dataclass(frozen=True)
class Packet:
    """An IPv4 packet: `to` is its destination port."""

    at: float
    protocol: int
    to: int
    flags: int
    payload: bytes


def packets(content: bytes) -> Iterator[Packet]:
    """What is in the file, which must be one that pcap-savefile(5) describes."""
    magic, major, minor, _, _, longest, link = struct.unpack_from("=IHHiIII", content)
    assert (magic, major, minor, link) == (0xA1B2C3D4, 2, 4, 1)
    at = 24
    while at < len(content):
        seconds, microseconds, kept, size = struct.unpack_from("=IIII", content, at)
        assert kept == size <= longest and microseconds < 1_000_000
        frame = content[at + 16 : at + 16 + kept]
        assert len(frame) == kept
        at += 16 + kept
        if frame[12:14] == b"\x08\x00":
            yield _parsed(seconds + microseconds / 1e6, frame[14:])


def _parsed(at: float, packet: bytes) -> Packet:
    header, length = (packet[0] & 15) * 4, int.from_bytes(packet[2:4], "big")
    segment = packet[header:length]
    to = int.from_bytes(segment[2:4], "big")
    if packet[9] == UDP:
        return Packet(at, UDP, to, 0, segment[8:])
    return Packet(at, packet[9], to, segment[13], segment[(segment[12] >> 4) * 4 :])


@pytest.fixture
def capturing(request: pytest.FixtureRequest) -> None:
    """Skips where the machine lets nobody capture."""

    request.getfixturevalue("private_arena")

    def why_not(_: Arena) -> str:
        try:
            socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
        except OSError as error:
            return str(error)
        return ""

    if reason := in_arena(why_not):
        pytest.skip(f"packets cannot be captured here: {reason}")


@pytest.mark.usefixtures("capturing")
def test_every_packet_is_there_once_and_at_its_time() -> None:
    def work(_: Arena) -> tuple[bytes, str]:
        file, loop = io.BytesIO(), Loop()
        caught = Capture(file, loop)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 4711))
            for number in range(3):
                sock.sendto(b"packet %d" % number, ("127.0.0.1", 4711))
            sock.sendto(bytes(65_000), ("127.0.0.1", 4711))
        loop.wait(lambda: False, Deadline(0))
        return file.getvalue(), str(caught)

    before = time.time()
    content, counted = in_arena(work)
    found = [packet for packet in packets(content) if packet.protocol == UDP]
    payloads = [packet.payload for packet in found]
    assert payloads == [b"packet 0", b"packet 1", b"packet 2", bytes(65_000)]
    assert counted == "4 packets"
    assert all(before <= packet.at + 1e-6 <= time.time() for packet in found)


@pytest.mark.usefixtures("capturing")
def test_a_trace_writes_its_packets(folder: Path) -> None:
    words = ("trace", "10", "--with", "echo", "--pcap", "t.pcap", "--", "4711")
    ended = lab(*words, at=solve(folder, "10"))
    assert (ended.status, ended.err) == (0, "")
    found = list(packets((folder / "t.pcap").read_bytes()))
    assert ended.lines[-1] == f"t.pcap: {len(found)} packets"
    assert next(packet.flags & SYN for packet in found if packet.to == 4711)
    assert sum(bool(packet.flags & FIN) for packet in found) == 2
    stream = b"".join(packet.payload for packet in found if packet.to == 4711)
    assert stream.decode().splitlines() == [
        line.removesuffix("\\n") for line in said(ended, "sends")
    ]


@pytest.mark.usefixtures("capturing")
def test_a_clients_questions_for_names_are_packets_too(folder: Path) -> None:
    ended = lab("trace", "4", "--with", "echo", "--pcap", "t.pcap", at=solve(folder, "04"))
    found = list(packets((folder / "t.pcap").read_bytes()))
    host = ended.lines[1].split()[5].partition(".")[0].encode()
    assert any(packet.to == 53 and host in packet.payload for packet in found)
    assert [packet.payload for packet in found].count(b"Hello!\n") == 2


def test_where_capturing_is_forbidden_the_file_is_empty_and_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forbid(monkeypatch)
    file = io.BytesIO()
    with pytest.raises(PermissionError):
        Capture(file, Loop())
    assert list(packets(file.getvalue())) == []


def test_a_trace_goes_on_where_capturing_is_forbidden(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    forbid(monkeypatch)
    monkeypatch.chdir(solve(folder, "03"))
    monkeypatch.setattr(sys, "argv", ["lab", "trace", "3", "--pcap", "t.pcap"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capfd.readouterr()
    assert not ended.value.code
    assert 'hears a datagram of 7 bytes, "Hello!\\n"' in out
    assert one_line(err).startswith("lab: no packets: ")
    assert list(packets((folder / "t.pcap").read_bytes())) == []


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the kernel, or a container, keeps CAP_NET_RAW to itself."""
    sockets = socket.socket

    def allowed(family: int = socket.AF_INET, *more: int, **named: int) -> socket.socket:
        if family == socket.AF_PACKET:
            raise PermissionError(errno.EPERM, "Operation not permitted")
        return sockets(family, *more, **named)

    monkeypatch.setattr(socket, "socket", allowed)
