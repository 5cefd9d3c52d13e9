"""`--pcap FILE`: the arena's packets, in the format of libpcap (pcap-savefile(5))."""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, BinaryIO

from checker.text import count

if TYPE_CHECKING:
    from checker.loop import Loop

MAGIC = 0xA1B2C3D4
"""Times are microseconds."""
LINKTYPE_ETHERNET = 1
LONGEST = 262144
"""Bytes of a packet that are kept, which is all of them."""
ETH_P_ALL = 3
PACKET_OUTGOING = 4
SO_TIMESTAMP = 29
TIME = struct.Struct("@ll")
ROOM = 16 * 1024 * 1024
"""Bytes of packets that may wait to be written."""


class Capture:
    """Writes what crosses `lo`. OSError: the machine does not allow it."""

    def __init__(self, file: BinaryIO, loop: Loop) -> None:
        self._file = file
        self._packets = 0
        file.write(struct.pack("=IHHiIII", MAGIC, 2, 4, 0, 0, LONGEST, LINKTYPE_ETHERNET))
        self._sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        self._sock.bind(("lo", ETH_P_ALL))
        self._sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMP, 1)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, ROOM)
        self._sock.setblocking(False)
        loop.on_readable(self._sock, self._write)

    def __str__(self) -> str:
        return count(self._packets, "packet")

    def _write(self) -> None:
        try:
            packet, notes, _, sender = self._sock.recvmsg(LONGEST, socket.CMSG_SPACE(TIME.size))
        except BlockingIOError:
            return
        if sender[2] == PACKET_OUTGOING:  # on its way through `lo` a packet is seen twice
            return
        seconds, microseconds = TIME.unpack(notes[0][2])
        sizes = (len(packet), len(packet))
        self._file.write(struct.pack("=IIII", seconds, microseconds, *sizes) + packet)
        self._packets += 1
