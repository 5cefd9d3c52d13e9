"""Drives `./lab` as a person does: from a script, or at a terminal."""

from __future__ import annotations

import io
import os
import re
import subprocess
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pexpect

from checker import processes
from checker.sandbox import ROOT

LAB = ROOT / "lab"
WIDTH = 80
SECONDS = 60
"""Far more than anything here takes."""

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x1b\x07]*(?:\x07|\x1b\\)")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")

UNPRIVILEGED = (
    ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
    if os.geteuid() == 0
    else ()
)
"""Whom the permissions of files bind; they don't bind root."""

RETURNS = "int main() { return %d; }\n"
"""A program that ends at once, with this status."""
WAITS = "#include <unistd.h>\nint main() { for (;;) pause(); }\n"
"""A program that does nothing and never ends."""


def environment(**more: str) -> dict[str, str]:
    """Nothing of the tests' own settings."""
    plain = {"PATH": os.environ["PATH"], "HOME": "/tmp", "LANG": "C.UTF-8", "TERM": "xterm"}
    return plain | more


@cache
def _set_up() -> None:
    """Whatever has changed since the last start is set up before a test listens."""
    subprocess.run([LAB, "--help"], env=environment(), capture_output=True, check=True)


@dataclass(frozen=True)
class Ended:
    """A command that is over. `lines`: what it printed on standard output."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


def lab(
    *arguments: str | Path,
    at: Path,
    stdin: str = "",
    through: tuple[str, ...] = (),
    program: Path = LAB,
    **variables: str,
) -> Ended:
    """Runs it in the folder `at`, `through` a command that starts commands. It is over when
    nothing that it started has its standard output open any more."""
    _set_up()
    done = subprocess.run(
        [*through, str(program), *map(str, arguments)],
        cwd=at,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=environment(**variables),
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


class Terminal:
    """A terminal of 80 columns in which a command runs."""

    def __init__(self, *command: str | Path, at: Path, **variables: str) -> None:
        _set_up()
        self._heard = io.StringIO()
        self._child = pexpect.spawn(
            str(command[0]),
            [str(word) for word in command[1:]],
            cwd=str(at),
            env=environment(**variables),
            dimensions=(24, WIDTH),
            encoding="utf-8",
            timeout=SECONDS,
        )
        self._child.logfile_read = self._heard
        self._child.delaybeforesend = None

    def sees(self, text: str) -> str:
        """Waits until the text appears; all that appeared before it, since the last such text."""
        self._child.expect_exact(text)
        return plain(str(self._child.before))

    def asks(self, question: str) -> None:
        """Waits until the question has appeared and the command sleeps until it is answered."""
        self.sees(question)
        deadline = time.monotonic() + SECONDS
        while processes.state(self._child.pid) != "S":
            assert time.monotonic() < deadline, "it does not wait for an answer"

    def types(self, keys: str) -> None:
        self._child.send(keys)

    def hangs_up(self) -> None:
        """The terminal goes away."""
        os.close(self._child.child_fd)

    @property
    def pid(self) -> int:
        return int(self._child.pid)

    def ends(self) -> int:
        """Waits until nobody has the terminal open any more; the command's exit status."""
        self._child.expect(pexpect.EOF)
        self._child.close()
        if self._child.exitstatus is None:
            return -int(self._child.signalstatus)
        return int(self._child.exitstatus)

    @property
    def raw(self) -> str:
        """All that has appeared, with what controls the terminal."""
        return self._heard.getvalue()

    @property
    def lines(self) -> list[str]:
        """The same as text; what was written over is there too."""
        return re.split(r"[\r\n]+", plain(self.raw))


def plain(text: str) -> str:
    """The text without what controls the terminal."""
    return CONTROL.sub("", text)


def one_line(text: str) -> str:
    """The text, which must be a single line that names the command."""
    lines = text.splitlines()
    assert len(lines) == 1, text
    assert lines[0].startswith("lab: "), text
    return lines[0]
