"""A running program: started in its prison, heard, stopped, and searched for what it left."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import socket
import struct
import subprocess
import termios
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checker import processes
from checker.clock import CONDITION_POLL, Deadline
from checker.failure import CheckerError, CheckFailed
from checker.observer import Recording, Ring
from checker.prison import Circumstances, Stdout, prison
from checker.sandbox import FILES_TOGETHER, MEBI, MEMORY_TOGETHER
from checker.text import count

if TYPE_CHECKING:
    from checker.arena import Arena
    from checker.loop import Loop

OUTPUT_CAP = 1024 * 1024
"""Bytes of standard output or standard error after which a program counts as flooding."""

EXCESSES = {
    "memory": f"used more than {MEMORY_TOGETHER // MEBI:,} MiB of memory",
    "files": f"made more than {count(FILES_TOGETHER, 'file')}",
}
"""By the word of its launcher, what it had too much of."""

START_SECONDS = 10.0
STOP_SECONDS = 10.0


@dataclass(frozen=True)
class Ending:
    """How a program ended: by itself with `status`, or by `signal` (one of them is None)."""

    status: int | None
    signal: int | None

    def __str__(self) -> str:
        if self.signal is None:
            return f"exited with status {self.status}"
        names = {int(known): known.name for known in signal.Signals}
        return f"was killed by signal {self.signal} ({names.get(self.signal, '?')})"


class Program:
    """One start of the student's binary. Always `stop()` it; that ends all that it started."""

    def __init__(
        self,
        loop: Loop,
        arena: Arena,
        binary: Path,
        arguments: list[str],
        circumstances: Circumstances,
    ) -> None:
        self.command = [f"./{binary.name}", *arguments]
        self.arguments = arguments
        self.stdout = bytearray()
        self.stderr = bytearray()
        self.pid = 0
        self.ending: Ending | None = None
        self.ended_at = 0.0
        self.excess = ""
        self.output_cap = OUTPUT_CAP
        self.stopped = False
        self._loop = loop
        self._confined = arena.private
        self._launcher = 0
        self._outputs_open: set[int] = set()
        with ExitStack() as opened:
            self._spawn(opened, arena, binary, circumstances)
        started = Deadline(START_SECONDS)
        loop.wait(lambda: self._launcher > 0 or self._hung_up, started)
        if self.pid == 0:
            self.stop()
            said = self.stderr.decode(errors="replace").strip()
            raise CheckerError(f"the sandbox did not start: {said or 'no reason given'}")

    def _spawn(
        self, opened: ExitStack, arena: Arena, binary: Path, circumstances: Circumstances
    ) -> None:
        def ours(descriptor: int) -> int:
            opened.callback(os.close, descriptor)
            return descriptor

        processes.adopt_orphans()
        output_read, output_write = _output(circumstances.stdout)
        ours(output_write)
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        opened.callback(theirs.close)
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        errors_read, errors_write = os.pipe()
        ours(errors_write)
        stdin_read, stdin_write = os.pipe()
        ours(stdin_read)
        self._stdin: int | None = stdin_write
        self._hung_up = False
        built = prison(opened, arena, binary, self.arguments, theirs.fileno(), circumstances)
        self._ring, self._kept = built.ring, built.kept
        self._outer = subprocess.Popen(
            built.command,
            stdin=stdin_read,
            stdout=output_write,
            stderr=errors_write,
            pass_fds=built.inherited,
            env=built.environment,
            start_new_session=True,
        )
        self._listen(output_read, self.stdout)
        self._listen(errors_read, self.stderr)
        self._loop.on_readable(self._control, self._on_report)
        if circumstances.stdin == "ended":
            self.end_stdin()

    # Hearing it

    def _listen(self, descriptor: int, heard: bytearray) -> None:
        os.set_blocking(descriptor, False)
        self._outputs_open.add(descriptor)

        def on_output() -> None:
            try:
                piece = os.read(descriptor, 65536)
            except BlockingIOError:
                return
            except OSError:  # EIO: nobody has the terminal open any more
                piece = b""
            if not piece:
                self._close_output(descriptor)
                return
            heard.extend(piece[: self.output_cap - len(heard)])
            if len(heard) >= self.output_cap:
                self.excess = f"printed {count(self.output_cap)}"
                self._close_output(descriptor)
                self.kill()

        self._loop.on_readable(descriptor, on_output)

    def _close_output(self, descriptor: int) -> None:
        self._outputs_open.discard(descriptor)
        self._loop.forget(descriptor)
        os.close(descriptor)

    def _on_report(self) -> None:
        message, sender = _receive(self._control)
        words = message.decode().split()
        if not words:
            self._hung_up = True
            self._loop.forget(self._control)
            if self.ending is None and self.pid:
                self.ending = Ending(status=None, signal=signal.SIGKILL)
        elif words[0] == "started":
            self.pid = sender
            self._launcher = processes.parent(sender) or 0  # 0: reaped, and `ended` will tell
        elif words[0] == "failed":
            reason = os.strerror(int(words[1]))
            raise CheckFailed("a program that can be run", f"execve: {reason}")
        elif words[0] == "exceeded":
            self.excess = EXCESSES[words[1]]
            self._outer.kill()
        elif words[0] == "ended":
            self._launcher = sender
            self.ended_at = time.monotonic()
            status = int(words[1])
            if os.WIFSIGNALED(status):
                self.ending = Ending(status=None, signal=os.WTERMSIG(status))
            else:
                self.ending = Ending(status=os.WEXITSTATUS(status), signal=None)

    def ended(self) -> bool:
        """It is over, and everything that it printed has been heard."""
        if self.ending is None:
            return False
        return not self._outputs_open or not self._output_waits()

    def _output_waits(self) -> bool:
        readable, _, _ = select.select(self._outputs_open, [], [], 0)
        return bool(readable)

    # Speaking to it

    def write_stdin(self, data: bytes, deadline: Deadline) -> bool:
        """Gives it bytes to read (with stdin `piped`); False when it did not take them in time."""
        if self._stdin is None:
            return False
        os.set_blocking(self._stdin, False)
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._stdin, left) :]
            except BlockingIOError:
                self._loop.wait(lambda: False, Deadline(CONDITION_POLL))
                if deadline.left() <= 0:
                    return False
            except BrokenPipeError:
                return False
        return True

    def unread_stdin(self) -> int:
        """Bytes of its standard input that it has not read yet."""
        if self._stdin is None:
            return 0
        size = fcntl.ioctl(self._stdin, termios.FIONREAD, struct.pack("i", 0))
        return int(struct.unpack("i", size)[0])

    def end_stdin(self) -> None:
        if self._stdin is not None:
            os.close(self._stdin)
            self._stdin = None

    def signal(self, number: signal.Signals) -> None:
        if self.pid and self.ending is None:  # later its number may be another's
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    # What there is of it

    def family(self) -> list[int]:
        """The program and every living process that it started (zombies too), oldest first."""
        return processes.descendants(self._launcher) if self._launcher else []

    def recording(self, last: int | None = None) -> Recording:
        """What the observer has seen of it so far (of the calls, the `last` ones)."""
        inside = Path(f"/proc/{self._launcher}/root")
        place = inside / self._ring.relative_to("/") if self._confined else self._ring
        try:
            with Ring(place) as ring:
                return ring.read(last)
        except OSError:  # all of it is gone
            return Recording.nothing()

    def stop(self) -> None:
        """Ends it and all that it started, and waits until nothing of it is left."""
        if self.stopped:
            return
        self.stopped = True
        if self._confined:
            self._outer.kill()
        else:
            processes.kill_all(self._outer.pid)
        if not self._hung_up:
            self._loop.forget(self._control)
        self._control.close()
        try:
            self._outer.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._outer.kill()
            self._outer.wait()
        _end_orphaned_worlds()
        self.end_stdin()
        for descriptor in list(self._outputs_open):
            self._close_output(descriptor)
        for descriptor in self._kept:
            os.close(descriptor)


def _end_orphaned_worlds() -> None:
    """Kills the first process of a pid namespace whose bubblewrap is gone, and waits for it, which
    takes until all the others of that namespace are gone (pid_namespaces(7))."""
    for pid in processes.children(os.getpid()):
        if processes.is_first(pid):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _output(kind: Stdout) -> tuple[int, int]:
    """Where we read, and where the program writes."""
    if kind == "piped":
        return os.pipe()
    master, slave = pty.openpty()
    _pass_bytes_unchanged(slave)
    return master, slave


def _pass_bytes_unchanged(terminal: int) -> None:
    """Without output processing a terminal passes bytes on as they are (termios(3))."""
    attributes = termios.tcgetattr(terminal)
    attributes[1] &= ~termios.OPOST
    attributes[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSANOW, attributes)


def _receive(control: socket.socket) -> tuple[bytes, int]:
    """One packet, and its sender's process id in our pid namespace (unix(7), SCM_CREDENTIALS)."""
    try:
        message, ancillary, _, _ = control.recvmsg(256, socket.CMSG_SPACE(12))
    except ConnectionResetError:
        return b"", 0
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return message, struct.unpack("3i", data[:12])[0]
    return message, 0
