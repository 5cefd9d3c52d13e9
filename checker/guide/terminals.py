"""Terminals in an arena, at which a script is typed and what appears is recorded."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import termios
import time
from contextlib import ExitStack
from pathlib import Path

from checker import processes, sandbox
from checker.arena import Arena
from checker.failure import CheckerError
from checker.guide.script import KEYS, Line

READY = "\x1eready\x1e"
"""The prompt: that it appears tells that a command has ended."""
QUIET = 0.2
"""Seconds in which nothing appears and everybody sleeps: the next line may be typed."""
LONGEST = 20.0
"""Seconds until a line is given up."""
LOOK = 0.01
ASLEEP = ("S", "I", "T", "Z", "")

SHELLS = (
    'exec 2>/dev/null; for terminal; do (exec <&"$terminal" >&"$terminal" 2>&1; '
    'for inherited; do eval "exec $inherited>&-"; done; PS1="$READY" '
    "exec env --default-signal setsid -c bash --norc --noprofile --noediting -i) & done; wait"
)
PASSWD = b"""root:x:0:0::/root:/bin/bash
tcpdump:x:0:0::/tmp:/usr/sbin/nologin
student:x:1000:1000::/tmp:/bin/bash
"""
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
}


class Terminal:
    """A pseudo-terminal with a shell."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.descriptor, self.inside = pty.openpty()
        attributes = termios.tcgetattr(self.inside)
        attributes[1] &= ~termios.OPOST
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(self.inside, termios.TCSANOW, attributes)
        self.prompts = False
        self._heard = ""

    def hear(self) -> bool:
        """Takes what has appeared; tells whether anything has."""
        try:
            piece = os.read(self.descriptor, 65536).decode(errors="replace")
        except OSError:  # EIO: its shell is gone
            return False
        self._heard += piece.replace("\r\n", "\n")
        if self._heard.endswith(READY):
            self._heard = self._heard.removesuffix(READY)
            self.prompts = True
        return bool(piece)

    def appeared(self) -> list[Line]:
        lines = [Line(self.name, "|", line) for line in self._heard.splitlines()]
        self._heard = ""
        return lines

    def type(self, text: str) -> None:
        self.prompts = False
        os.write(self.descriptor, text.encode())


def _captures(line: Line) -> bool:
    return line.kind == "#" and line.text.startswith("tcpdump")


class Terminals:
    """`programs`: the binaries, by the names under which they are in the shells' folder."""

    def __init__(self, arena: Arena, programs: dict[str, Path], script: list[Line]) -> None:
        if arena.drops_to is None and any(map(_captures, script)):
            raise CheckerError("tcpdump turns into another user: only root can record that")
        self._arena, self._programs = arena, programs
        self._all = {line.terminal: Terminal(line.terminal) for line in script}
        self._rights = {line.terminal: line.kind == "#" for line in script if line.is_command}
        self._script = script
        self._prisons: list[subprocess.Popen[bytes]] = []

    def record(self) -> list[Line]:
        """Types the script; CheckerError when a command that should end does not."""
        for rights in (False, True):
            named = [name for name, has in self._rights.items() if has == rights]
            if named:
                self._open([self._all[name] for name in named], rights)
        try:
            for name, terminal in self._all.items():
                self._until_it_prompts(terminal, f"the shell of “{name}” does not start")
                terminal.appeared()
            return [appeared for line in self._script for appeared in self._typed(line)]
        finally:
            for prison in self._prisons:
                prison.send_signal(signal.SIGKILL)
                prison.wait()

    def _typed(self, line: Line) -> list[Line]:
        terminal = self._all[line.terminal]
        before: list[Line] = []
        if line.is_command:
            self._until_it_prompts(terminal, f"what runs before “{line}” does not end")
            before = self._appeared()
        terminal.type(
            KEYS.get(line.text, f"{line.text}\n") if line.kind == ">" else f"{line.text}\n"
        )
        self._settle(line)
        appeared = self._appeared()
        if line.text in KEYS and Line(line.terminal, "|", "") in appeared[:1]:
            del appeared[0]  # the end of the line on which a key was struck
        return [*before, line, *appeared]

    def _appeared(self) -> list[Line]:
        return [line for terminal in self._all.values() for line in terminal.appeared()]

    def _until_it_prompts(self, terminal: Terminal, trouble: str) -> None:
        end = time.monotonic() + LONGEST
        while not terminal.prompts:
            self._hear()
            if time.monotonic() > end:
                raise CheckerError(f"{trouble}; it says {self._appeared()}")

    def _settle(self, line: Line) -> None:
        """Until nothing appears and nobody runs, for a while."""
        end = time.monotonic() + LONGEST
        quiet = time.monotonic()
        while time.monotonic() - quiet < QUIET:
            if self._hear() or self._anybody_runs():
                quiet = time.monotonic()
            if time.monotonic() > end:
                raise CheckerError(f"after “{line}” there is no rest")

    def _hear(self) -> bool:
        by_descriptor = {terminal.descriptor: terminal for terminal in self._all.values()}
        readable, _, _ = select.select(list(by_descriptor), [], [], LOOK)
        heard = [by_descriptor[descriptor].hear() for descriptor in readable]
        return any(heard)

    def _anybody_runs(self) -> bool:
        return any(
            processes.state(pid) not in ASLEEP
            for prison in self._prisons
            for pid in processes.descendants(prison.pid)
        )

    def _open(self, terminals: list[Terminal], rights: bool) -> None:
        with ExitStack() as opened:
            shown = {
                f"/program/{name}": os.open(binary, os.O_RDONLY)
                for name, binary in self._programs.items()
            }
            texts = {**self._arena.etc, "passwd": PASSWD}
            shown |= {f"/etc/{name}": _file(text) for name, text in texts.items()}
            for descriptor in shown.values():
                opened.callback(os.close, descriptor)
            inside = [terminal.inside for terminal in terminals]
            command = [*_prison(shown, rights), "bash", "-c", SHELLS, "shells", *map(str, inside)]
            unprivileged = None if rights else self._arena.drops_to
            prison = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[*shown.values(), *inside],
                user=unprivileged,
                group=unprivileged,
                extra_groups=None if unprivileged is None else [],
            )
            self._prisons.append(prison)
            for descriptor in inside:
                os.close(descriptor)


def _prison(shown: dict[str, int], rights: bool) -> list[str]:
    """Like a program's; who has `rights` may do in the arena's network what root may."""
    options = ["--ro-bind", "/etc/alternatives", "/etc/alternatives"]
    options += ["--dir", "/program", "--chdir", "/program"]
    if not rights:
        options += ["--uid", "1000", "--gid", "1000"]
    environment = {**ENVIRONMENT, "READY": READY}
    # strace needs ptrace, which the filter forbids.
    command = sandbox.bwrap(
        *options, seccomp=None, data=shown, environment=environment, network=True
    )
    if rights:  # those of the namespace that the arena's network belongs to
        command = [word for word in command if word not in ("--unshare-user", "--disable-userns")]
        drop = command.index("--cap-drop")
        del command[drop : drop + 2]
    return command


def _file(content: bytes) -> int:
    descriptor = os.memfd_create("content")
    os.write(descriptor, content)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
