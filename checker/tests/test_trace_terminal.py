"""`lab trace` at a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.tests.command import COLOUR, LAB, Terminal
from checker.tests.test_trace import solve

CTRL_C, CTRL_D = "\x03", "\x04"


def test_the_terminal_is_the_client_of_a_server(folder: Path) -> None:
    terminal = Terminal(LAB, "trace", "10", at=solve(folder, "10"))
    terminal.sees("What you type, the client says.")
    terminal.sees("connects to port")
    for word in ("one", "two"):
        terminal.types(f"{word}\r")
        terminal.sees(f'hears 4 bytes, "{word}\\n"')
    terminal.types(CTRL_D)
    terminal.sees("ends its half (FIN)")
    terminal.sees("hears the end (FIN)")
    assert terminal.ends() == 0
    assert all(len(line) <= 80 for line in terminal.lines)


def test_the_terminal_is_the_server_of_a_client(folder: Path) -> None:
    terminal = Terminal(LAB, "trace", "4", at=solve(folder, "04"))
    terminal.sees("What you type, the server says.")
    seen = terminal.sees('hears a datagram of 7 bytes, "Hello!\\n"')
    if "recvfrom" not in seen:  # it may begin to wait before or after the lab has heard it
        terminal.sees("recvfrom(3, 65507) …")
    terminal.types("pong\r")
    terminal.sees('stdout: "echo: pong\\n"')
    assert terminal.ends() == 0


def test_with_an_echo_the_terminal_may_be_left_alone(folder: Path) -> None:
    terminal = Terminal(LAB, "trace", "9", "--with", "echo", at=solve(folder, "09"))
    assert terminal.ends() == 0
    assert "What you type" not in terminal.raw
    assert COLOUR.search(terminal.raw)


def test_with_no_color_there_is_none(folder: Path) -> None:
    terminal = Terminal(LAB, "trace", "10", "--with", "echo", at=solve(folder, "10"), NO_COLOR="1")
    assert terminal.ends() == 0
    assert not COLOUR.search(terminal.raw)


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 0)], ids=["Ctrl-C", "Ctrl-D"])
def test_it_ends_and_leaves_the_terminal_as_it_was(folder: Path, key: str, status: int) -> None:
    script = 'stty -g; "$@"; echo "status $?"; stty -g'
    trace = (LAB, "trace", "10")
    terminal = Terminal("bash", "-c", f"trap : INT; {script}", "sh", *trace, at=solve(folder, "10"))
    terminal.sees("connects to port")
    terminal.sees("read(4, 16384) …")
    terminal.types(key)
    terminal.sees("the lab ends your program")
    terminal.sees(f"status {status}")
    assert terminal.ends() == 0
    lines = [line for line in terminal.lines if line]
    assert lines[0] == lines[-1]
    assert "Traceback" not in terminal.raw
