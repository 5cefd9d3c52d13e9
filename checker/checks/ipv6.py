"""A host of the arena's that has IPv6 and nothing else."""

from __future__ import annotations

import fcntl
import socket
import struct
from ipaddress import IPv6Address
from pathlib import Path

from checker.arena import SIOCSIFADDR
from checker.clock import CONDITION_POLL, REPLY, Deadline
from checker.failure import CheckSkipped
from checker.scene import Host, Scene

TENTATIVE = 0x40
"""The address may not be used yet (RFC 4862, 5.4)."""


def ipv6_host(scene: Scene) -> Host:
    """Its address is a new one of the arena's loopback: ::1 alone counts as no IPv6 at all."""
    address = IPv6Address(b"\xfd" + scene.bytes(15))
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as control:
            loopback = struct.pack("=16sIi", address.packed, 128, socket.if_nametoindex("lo"))
            fcntl.ioctl(control, SIOCSIFADDR, loopback)
    except OSError as error:
        raise CheckSkipped(f"this machine has no IPv6: {error.strerror}") from None
    scene.loop.wait(lambda: _is_usable(address), Deadline(REPLY), poll=CONDITION_POLL)
    host = scene.host()
    scene.names.host(host.name, ipv6=(str(address),))
    return Host(host.name, str(address))


def _is_usable(address: IPv6Address) -> bool:
    for line in Path("/proc/thread-self/net/if_inet6").read_text().splitlines():
        digits, _, _, _, flags, _ = line.split()
        if digits == address.packed.hex():
            return not int(flags, 16) & TENTATIVE
    return False
