"""What the observer saw: the ring that a program with `libobserver.so` preloaded writes.

The program can write into its ring whatever it likes. Nothing in it is believed: the sizes are
ours, every number is bounded, every text is made printable, and no content makes the reader raise.
"""

from __future__ import annotations

import errno
import os
import struct
from pathlib import Path

import msgspec

from checker.sandbox import ROOT

LIBRARY = ROOT / "build" / "native" / "libobserver.so"

CALLS = (
    *("hello", "socket", "socketpair", "bind", "listen", "accept", "accept4", "connect"),
    *("shutdown", "close", "dup", "dup2", "dup3", "read", "write", "readv", "writev", "send"),
    *("sendto", "sendmsg", "recv", "recvfrom", "recvmsg", "select", "pselect", "poll", "ppoll"),
    *("epoll_create", "epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "setsockopt"),
    *("getsockopt", "getsockname", "getpeername", "fcntl", "ioctl", "getaddrinfo"),
    *("freeaddrinfo", "getnameinfo", "gethostname", "fork", "vfork", "execve", "waitpid", "wait"),
    *("wait4", "sigaction", "signal", "kill", "exit", "_exit"),
)
NEVER_RETURN = {"execve", "exit", "_exit"}

MAGIC = b"LBKRING\0"
VERSION = 1
CAPACITY = 4096
PAYLOAD = 64
PLAN = 2048
RULES = 16

# checker/native/observer/ring.hpp
_HEADER = struct.Struct(f"<8sIIIIQQQII{RULES}I{PLAN}s")
_HEADER_SIZE = 4096
_RECORD = struct.Struct(f"<QQQiiHHiqiHHQ{PAYLOAD}s128s")
_COUNTS = struct.Struct("<QQII")
_COUNTS_AT = 32
_COUNTERS = struct.Struct(f"<{RULES}I")
_COUNTERS_AT = 56

_STATE = 8
"""Bytes of a record's state, which comes first and changes first."""
_ENTERED, _COMPLETING, _RETURNED = 2, 3, 4
_WRITTEN = (_ENTERED, _COMPLETING, _RETURNED)
_INJECTED, _LATE, _CHILD, _REFUSED = 1, 2, 4, 8

_MOST_NANOSECONDS = 2**53
_RESOLVER = ("getaddrinfo", "getnameinfo")
_RESOLVER_ERRORS = {
    -1: "EAI_BADFLAGS",
    -2: "EAI_NONAME",
    -3: "EAI_AGAIN",
    -4: "EAI_FAIL",
    -5: "EAI_NODATA",
    -6: "EAI_FAMILY",
    -7: "EAI_SOCKTYPE",
    -8: "EAI_SERVICE",
    -9: "EAI_ADDRFAMILY",
    -10: "EAI_MEMORY",
    -11: "EAI_SYSTEM",
    -12: "EAI_OVERFLOW",
}


class Record(msgspec.Struct, frozen=True):
    """One call. Times are seconds of the monotonic clock; `fd` is -1 where there is none.

    `error` is a name (`EINTR`, `EAI_AGAIN`) or empty; `size` the bytes asked for; `payload` the
    first of those transferred. `blocked`: entered, and the program ended before it returned (in
    a program that still runs: not returned yet). `late`: the ring had wrapped meanwhile."""

    sequence: int
    call: str
    pid: int
    tid: int
    entered: float
    returned: float | None
    fd: int
    size: int
    result: int | None
    error: str
    text: str
    payload: bytes
    blocked: bool
    injected: bool
    late: bool
    child: bool


class Recording(msgspec.Struct, frozen=True):
    """Everything that a ring holds. `seen`: a program said hello, so the observer was inside.

    `written`: how many calls there were in all; `wrapped`: the oldest records are gone; `lost`:
    records that were never written; `refused`: why the fault plan was refused, or nothing;
    `counts`: per rule, the calls it was about."""

    records: list[Record]
    seen: bool
    written: int
    wrapped: bool
    lost: int
    refused: str
    counts: list[int]

    @classmethod
    def nothing(cls) -> Recording:
        """Of a program that has no ring."""
        return cls([], seen=False, written=0, wrapped=False, lost=0, refused="", counts=[0] * RULES)

    def calls(self, *names: str) -> list[Record]:
        return [record for record in self.records if record.call in names]

    def blocked(self) -> list[Record]:
        return [record for record in self.records if record.blocked]


def image(faults: str = "", payload: int = PAYLOAD, capacity: int = CAPACITY) -> bytes:
    """A new ring, whole; the arguments are those of `head`."""
    return head(faults, payload, capacity).ljust(size(capacity), b"\0")


def size(capacity: int = CAPACITY) -> int:
    """Bytes of a ring."""
    return _HEADER_SIZE + capacity * _RECORD.size


def head(faults: str = "", payload: int = PAYLOAD, capacity: int = CAPACITY) -> bytes:
    """How a new ring begins; the rest of it is zeros. `capacity`: records, a power of two;
    `payload`: bytes kept of each call; `faults`: rules, one per line or between `;`
    (checker/native/observer/faults.hpp)."""
    plan = faults.encode()
    if len(plan) > PLAN:
        raise ValueError(f"a fault plan has at most {PLAN} bytes")
    if not 0 <= payload <= PAYLOAD:
        raise ValueError(f"at most {PAYLOAD} bytes of payload are kept")
    if capacity < 1 or capacity & (capacity - 1):
        raise ValueError("a ring holds a power of two of records")
    sizes = (VERSION, _HEADER_SIZE, _RECORD.size, payload, capacity)
    return _HEADER.pack(MAGIC, *sizes, 0, 0, 0, len(plan), *[0] * RULES, plan)


def environment(ring: str, library: str = str(LIBRARY)) -> dict[str, str]:
    """What a program's environment needs; `ring`, `library`: their paths as the program sees them.

    Address sanitizers want to come first, but need not (`verify_asan_link_order`)."""
    return {
        "LOOPBACK_RING": ring,
        "LD_PRELOAD": library,
        "ASAN_OPTIONS": "verify_asan_link_order=0",
    }


class Ring:
    """A file that a program's observers write into. It is read, never mapped: a program that cuts
    its file short would end whoever has it mapped (mmap(2), SIGBUS)."""

    def __init__(self, path: Path, capacity: int = CAPACITY) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._capacity = capacity

    def read(self, last: int | None = None) -> Recording:
        """What is there now; the program may still write. Of the records, the `last` ones and the
        very first, which tells whose ring it is."""
        header = self._bytes(_HEADER_SIZE, 0)
        next_sequence, lost, hello, _ = _COUNTS.unpack_from(header, _COUNTS_AT)
        written = min(next_sequence, self._capacity)
        records: list[Record] = []
        refused = ""
        shown = range(written - min(written, last or written), written)
        first = range(0 if next_sequence > self._capacity else min(shown.start, 1))
        for number in (*first, *shown):
            slot = (next_sequence - written + number) % self._capacity
            raw = self._record(slot)
            if not raw:
                continue
            record = _decoded(raw, slot, self._capacity)
            if record is None:
                continue
            if record.call == "hello" and _flags(raw) & _REFUSED:
                refused = refused or record.text
            records.append(record)
        records.sort(key=lambda record: record.sequence)
        return Recording(
            records=records,
            seen=hello > 0,
            written=next_sequence,
            wrapped=next_sequence > self._capacity,
            lost=lost,
            refused=refused,
            counts=list(_COUNTERS.unpack_from(header, _COUNTERS_AT)),
        )

    def _record(self, slot: int) -> bytes:
        """Nothing, if it is being written, or changed while it was copied: a copy is made in any
        order, so the state is read before it and after it."""
        at = _HEADER_SIZE + slot * _RECORD.size
        before = self._bytes(_STATE, at)
        raw = self._bytes(_RECORD.size, at)
        steady = before == raw[:_STATE] == self._bytes(_STATE, at)
        return raw if steady and raw[0] % 8 in _WRITTEN else b""

    def _bytes(self, size: int, at: int) -> bytes:
        return os.pread(self._file, size, at).ljust(size, b"\0")

    def close(self) -> None:
        os.close(self._file)

    def __enter__(self) -> Ring:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _flags(raw: bytes) -> int:
    return int.from_bytes(raw[34:36], "little")


def _decoded(raw: bytes, slot: int, capacity: int) -> Record | None:
    fields = _RECORD.unpack(raw)
    state, entered, returned, pid, tid, call, flags, fd = fields[:8]
    result, error, kept, text_length, size, payload, text = fields[8:]
    sequence, phase = divmod(state, 8)
    if sequence == 0 or (sequence - 1) % capacity != slot or call >= len(CALLS):
        return None
    name = CALLS[call]
    done = phase == _RETURNED
    return Record(
        sequence=sequence,
        call=name,
        pid=max(pid, 0),
        tid=max(tid, 0),
        entered=_seconds(entered),
        returned=_seconds(returned) if done else None,
        fd=max(fd, -1),
        size=size,
        result=result if done else None,
        error=_error(name, result, error) if done else "",
        text=_printable(text[:text_length]),
        payload=payload[:kept],
        blocked=not done and name not in NEVER_RETURN,
        injected=bool(flags & _INJECTED),
        late=bool(flags & _LATE),
        child=bool(flags & _CHILD),
    )


def _seconds(nanoseconds: int) -> float:
    return min(nanoseconds, _MOST_NANOSECONDS) / 1e9


def _error(call: str, result: int, number: int) -> str:
    if call in _RESOLVER:
        return "" if result == 0 else _RESOLVER_ERRORS.get(result, f"error {result}")
    return "" if number == 0 else errno.errorcode.get(number, f"error {number}")


def _printable(text: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in text)
