"""What the kernel tells about the sockets of this process's network (sock_diag(7)).

The same is in /proc/net/tcp, but to read that takes the kernel 500 times as long."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from checker import processes

Protocol = Literal["TCP", "UDP"]
PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)

NETLINK_SOCK_DIAG = 4
SOCK_DIAG_BY_FAMILY = 20
NLM_F_REQUEST_DUMP = 0x301
NLMSG_ERROR, NLMSG_DONE = 2, 3
LISTENING = 1 << 10
"""The state TCP_LISTEN, as a bit."""
ALL = 0xFFFFFFFF
HEADER = struct.Struct("=IHHII")
ANSWER = struct.Struct("=B2x2s2s44xIIIII")
"""After the family: state, ports, then expiry, receive queue, send queue, user, inode."""


@dataclass(frozen=True)
class Socket:
    """`port`: its own; `other`: its peer's, or 0; `unread`: bytes that have arrived (of one that
    listens: connections that wait); `unsent`: bytes that nobody has acknowledged (of one that
    listens: its backlog); `inode`: as /proc/PID/fd spells it, `socket:[4711]`, or empty while no
    process has it."""

    protocol: Protocol
    port: int
    other: int
    unread: int
    unsent: int
    inode: str


def bound_by(pids: list[int]) -> list[Socket]:
    """The listening TCP sockets and the UDP sockets with a port that these processes have open."""
    held = {what for pid in pids for what in processes.descriptors(pid).values()}
    found = [*_sockets("TCP", LISTENING), *_sockets("UDP", ALL)] if held else []
    return [each for each in found if each.inode in held]


def why_not() -> str:
    """Empty when the kernel answers, else what stands in the way."""
    try:
        for protocol in PROTOCOLS:
            list(_sockets(protocol, LISTENING))
    except OSError as error:
        return error.strerror or str(error)
    return ""


def connection(port: int, other: int) -> str:
    """The inode of the end at `port` of the TCP connection with `other`, a port of this host too;
    empty as long as no process has accepted it."""
    return next((each.inode for each in _connections(port, other) if each.inode), "")


def unread(port: int, other: int) -> int:
    """Bytes that have arrived at `port`, over the TCP connection with `other`, a port of this host
    too, and that no process has read yet."""
    return next((each.unread for each in _connections(port, other)), 0)


def _connections(port: int, other: int) -> Iterator[Socket]:
    for each in _sockets("TCP", ALL & ~LISTENING):
        if (each.port, each.other) == (port, other):
            yield each


def _sockets(protocol: Protocol, states: int) -> Iterator[Socket]:
    number = socket.IPPROTO_TCP if protocol == "TCP" else socket.IPPROTO_UDP
    for family in (socket.AF_INET, socket.AF_INET6):
        for answer in _dump(family, number, states):
            _, port, other, _, unread, unsent, _, inode = ANSWER.unpack_from(answer, 1)
            yield Socket(
                protocol,
                int.from_bytes(port, "big"),
                int.from_bytes(other, "big"),
                unread,
                unsent,
                f"socket:[{inode}]" if inode else "",
            )


def _dump(family: int, protocol: int, states: int) -> Iterator[bytes]:
    """Every answer to one question; OSError when the kernel refuses it."""
    question = struct.pack("=BBBBI48x", family, protocol, 0, 0, states)
    size = HEADER.size + len(question)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG) as kernel:
        kernel.send(HEADER.pack(size, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, 1, 0) + question)
        while True:
            packet = kernel.recv(65536)
            while packet:
                length, kind, *_ = HEADER.unpack_from(packet)
                body, packet = packet[HEADER.size : length], packet[(length + 3) & ~3 :]
                if kind == NLMSG_DONE:
                    return
                if kind == NLMSG_ERROR:
                    error = -struct.unpack_from("=i", body)[0]
                    raise OSError(error, "sock_diag")
                yield body
