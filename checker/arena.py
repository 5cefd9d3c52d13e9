"""The private world a program runs in: its own network, host name and name service.

A process *enters* arenas, one for each check: it was forked for them, and never comes back out.
Root inside is nobody outside (namespaces(7), user_namespaces(7))."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checker.failure import CheckerError
from checker.names import NameServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

CLONE_NEWUTS, CLONE_NEWUSER, CLONE_NEWNET = 0x04000000, 0x10000000, 0x40000000
SIOCSIFADDR, SIOCSIFFLAGS = 0x8916, 0x8914
IFF_UP = 1

PROGRAM_UID = 1000
"""The user that programs run as inside an arena that was opened by root."""
NOBODY = 65534

NARROW = 16 * 1024
"""Bytes of a send buffer that soon fills up."""

DEFAULT_HOST = "tejo.tecnico.ulisboa.pt"
DEFAULT_PORT = 58001


@dataclass
class Arena:
    """`private`: a network of its own, where any name, address and port can be ours.
    `names`: the name server that answers in it; None in the open arena."""

    private: bool
    hostname: str
    names: NameServer | None = None
    drops_to: int | None = None
    etc: dict[str, bytes] = field(default_factory=dict)

    def leave(self) -> None:
        """Ends what serves in it, for a process that is still there."""
        if self.names:
            self.names.stop()


def become_root(maps_ready: Callable[[], None]) -> None:
    """Makes this process root of a user namespace of its own. `maps_ready` blocks until the parent
    has called `write_id_maps` for it. Raises CheckerError where the machine forbids it."""
    _unshare(CLONE_NEWUSER)
    maps_ready()


def enter_private(random: Random) -> Arena:
    """Moves this process, root of its user namespace, into a new arena, out of the one before.
    Raises CheckerError where the machine forbids it."""
    _unshare(CLONE_NEWNET | CLONE_NEWUTS)
    hostname = random_host_name(random)
    try:
        socket.sethostname(hostname)
        _raise_loopback(f"10.{random.randrange(256)}.{random.randrange(256)}.7")
    except OSError as error:
        raise CheckerError(f"the arena's network: {error}") from error
    arena = Arena(private=True, hostname=hostname)
    if len(Path("/proc/self/uid_map").read_text().splitlines()) > 1:
        arena.drops_to = PROGRAM_UID
    arena.names = NameServer()
    arena.names.start()
    arena.etc = {
        "hosts": f"127.0.0.1 localhost\n::1 localhost\n127.0.1.1 {hostname}\n".encode(),
        "resolv.conf": f"nameserver {NameServer.ADDRESS}\noptions timeout:1 attempts:1\n".encode(),
        "nsswitch.conf": b"hosts: files dns\nservices: files\nprotocols: files\n",
        "services": b"domain 53/udp\ndomain 53/tcp\nhttp 80/tcp\nloopback-lab 58009/udp\n",
        "protocols": b"ip 0 IP\ntcp 6 TCP\nudp 17 UDP\n",
    }
    return arena


def enter_open() -> Arena:
    """The fallback where user namespaces are forbidden: this machine's own loopback."""
    return Arena(private=False, hostname=socket.gethostname())


def narrow_send_buffers(arena: Arena) -> None:
    """Programs' TCP sockets to come send from buffers that do not grow (tcp(7), tcp_wmem). The
    setting belongs to the arena's network; the open arena's, this machine's, is left alone."""
    if arena.private:
        with suppress(OSError):  # where /proc/sys is read-only, the buffers are just larger
            Path("/proc/sys/net/ipv4/tcp_wmem").write_text(f"{NARROW} {NARROW} {NARROW}")


def write_id_maps(pid: int) -> None:
    """Maps root in the new arena of process `pid` to us; for root, also a user without rights,
    so that limits on processes, from which root is exempt, hold for the program."""
    nobody = f"{PROGRAM_UID} {NOBODY} 1\n" if os.geteuid() == 0 else ""
    if not nobody:
        Path(f"/proc/{pid}/setgroups").write_text("deny")
    for name, own in (("uid_map", os.geteuid()), ("gid_map", os.getegid())):
        try:
            Path(f"/proc/{pid}/{name}").write_text(f"0 {own} 1\n{nobody}")
        except OSError:
            # Root of a container may own no user nobody; itself it always owns.
            Path(f"/proc/{pid}/{name}").write_text(f"0 {own} 1\n")


def random_host_name(random: Random, length: int = 0) -> str:
    """A name that nobody can guess; `length` characters of it, or 8 to 15."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    size = length or random.randrange(8, 16)
    first = random.choice(letters[:26])
    return first + "".join(random.choice(letters) for _ in range(size - 1))


def _unshare(namespaces: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(namespaces) != 0:
        raise CheckerError(f"unshare: {os.strerror(ctypes.get_errno())}")


def _raise_loopback(address: str) -> None:
    """Brings `lo` up (netdevice(7)), with one address beside 127.0.0.0/8: resolvers treat a host
    that has nothing but a loopback address as one without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14s", b"lo", IFF_UP, b""))
        with suppress(OSError):
            inet = struct.pack(
                "16sHH4s8s", b"lo:1", socket.AF_INET, 0, socket.inet_aton(address), b""
            )
            fcntl.ioctl(control, SIOCSIFADDR, inet)
