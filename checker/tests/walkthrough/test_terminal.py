"""The walkthrough at a terminal: opened, used, and left in every way there is."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from checker import catalog, processes, regions
from checker.clock import Deadline
from checker.loop import Loop
from checker.sandbox import ROOT
from checker.tests.command import COLOUR, LAB, SECONDS, WAITS, Terminal, lab
from checker.workspace import Workspace

CTRL_C = "\x03"
ALTERNATE_ON, ALTERNATE_OFF = "\x1b[?1049h", "\x1b[?1049l"
CURSOR_ON, CURSOR_OFF = "\x1b[?25h", "\x1b[?25l"
OPENED = "Not checked yet."
STATES = 'trap : INT; stty -g; "$0"; echo "status $?"; stty -g; echo over'
"""The terminal's settings before and after, and the exit status between."""


def solve(folder: Path) -> None:
    task = catalog.find("1")
    Workspace(folder).program(task).write_text(regions.clean(task.solution.read_text()))


def gone(pids: list[int]) -> bool:
    """Waits until none of these processes is there any more."""
    return Loop().wait(
        lambda: all(processes.state(pid) in ("", "Z") for pid in pids), Deadline(SECONDS), poll=0.01
    )


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize("key", ["q", CTRL_C], ids=["q", "Ctrl-C"])
def test_a_file_is_mended_turns_green_and_the_terminal_is_left_as_it_was(
    folder: Path, key: str
) -> None:
    terminal = Terminal("sh", "-c", STATES, LAB, at=folder)
    before = terminal.sees("\r\n").strip()
    terminal.sees(OPENED)
    solve(folder)
    terminal.sees("7 of 7 core · 2 of 2 stars")
    terminal.types(key)
    terminal.sees("status 0\r\n")
    assert terminal.sees("\r\n").strip() == before
    terminal.sees("over")
    assert terminal.ends() == 0
    assert terminal.raw.rindex(ALTERNATE_OFF) > terminal.raw.rindex(ALTERNATE_ON)
    assert terminal.raw.rindex(CURSOR_ON) > terminal.raw.rindex(CURSOR_OFF)
    assert "Traceback" not in terminal.raw


@pytest.mark.usefixtures("private_arena")
def test_a_terminal_that_goes_away_leaves_nothing_running(folder: Path) -> None:
    (folder / "01-gethostname" / "main.cpp").write_text(WAITS)
    terminal = Terminal(LAB, at=folder)
    terminal.sees(OPENED)
    terminal.types("c")
    terminal.sees("Checking:")
    running = [terminal.pid, *processes.descendants(terminal.pid)]
    assert len(running) > 2, "the server of probers, and a prober"
    terminal.hangs_up()
    assert gone(running)


@pytest.mark.usefixtures("private_arena")
def test_who_leaves_during_an_experiment_leaves_nothing_running(folder: Path) -> None:
    terminal = Terminal(LAB, at=folder)
    terminal.sees(OPENED)
    terminal.types("e")
    terminal.sees("Predict it, then see.")
    terminal.types("\r")
    terminal.sees("recvfrom")
    terminal.types("\r")
    terminal.sees("Building and running it")
    running = processes.descendants(terminal.pid)
    assert running
    terminal.types(CTRL_C)
    assert terminal.ends() == 0
    assert gone(running)
    assert not (folder / ".lab" / "experiments.json").exists()


def test_a_hang_up_of_which_no_signal_tells_is_noticed(folder: Path) -> None:
    terminal = Terminal("setsid", "--wait", LAB, at=folder)
    terminal.sees(OPENED)
    running = [terminal.pid, *processes.descendants(terminal.pid)]
    terminal.hangs_up()
    assert gone(running)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["TERM", "HUP"])
def test_a_signal_leaves_the_terminal_as_it_was(folder: Path, number: signal.Signals) -> None:
    terminal = Terminal("sh", "-c", STATES, LAB, at=folder)
    before = terminal.sees("\r\n").strip()
    terminal.sees(OPENED)
    (command,) = processes.children(terminal.pid)
    os.kill(command, number)
    terminal.sees(f"status {128 + number}\r\n")
    assert terminal.sees("\r\n").strip() == before
    assert terminal.ends() == 0
    assert terminal.raw.rindex(ALTERNATE_OFF) > terminal.raw.rindex(ALTERNATE_ON)


def test_the_editor_has_the_terminal_and_its_ctrl_c_to_itself(folder: Path) -> None:
    editor = folder / "editor"
    editor.write_text(
        '#!/bin/sh\ntrap "echo caught" INT\necho editing "$1"\n'
        'until [ "$word" = word ]; do read word; done\n'
    )
    editor.chmod(0o755)
    terminal = Terminal(LAB, at=folder, EDITOR=str(editor))
    terminal.sees(OPENED)
    terminal.types("o")
    terminal.sees("editing ")
    terminal.types(CTRL_C)
    terminal.sees("caught")
    terminal.types("word\r")
    terminal.sees(OPENED)
    terminal.types("q")
    assert terminal.ends() == 0


def test_with_no_color_there_is_none(folder: Path) -> None:
    (folder / "01-gethostname" / "main.cpp").write_text("int main() { return nothing; }\n")
    terminal = Terminal(LAB, at=folder, NO_COLOR="1")
    terminal.sees(OPENED)
    terminal.types("c")
    terminal.sees("It does not compile.")
    terminal.types("q")
    assert terminal.ends() == 0
    assert not COLOUR.search(terminal.raw)


def test_a_crash_leaves_the_terminal_and_the_files_as_they_were(folder: Path) -> None:
    crashing = (
        "from checker import cli; from checker.walkthrough.app import Walkthrough;"
        "Walkthrough.action_check = lambda self: 1 / 0; cli.main()"
    )
    file = folder / "01-gethostname" / "main.cpp"
    file.write_text("mine")
    terminal = Terminal(sys.executable, "-c", crashing, at=folder, PYTHONPATH=str(ROOT))
    terminal.sees(OPENED)
    terminal.types("c")
    terminal.sees("ZeroDivisionError")
    terminal.sees("lab: the walkthrough failed; nothing of yours was changed")
    assert terminal.ends() == 3
    assert terminal.raw.rindex(ALTERNATE_OFF) > terminal.raw.rindex(ALTERNATE_ON)
    assert file.read_text() == "mine"


def test_a_workspace_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    blocked = (
        "from pathlib import Path; from checker import cli, workspace;"
        "workspace.HOME = Path('file/work'); cli.main()"
    )
    (tmp_path / "file").touch()
    terminal = Terminal(sys.executable, "-c", blocked, at=tmp_path, PYTHONPATH=str(ROOT))
    terminal.sees("Welcome to Loopback")
    terminal.types("\r")
    assert terminal.ends() == 2
    assert "Traceback" not in terminal.raw
    assert any("lab: file" in line for line in terminal.lines)


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_can_show_no_screen_gets_the_status(folder: Path, term: str) -> None:
    terminal = Terminal(LAB, at=folder, TERM=term)
    terminal.sees("Next: 01-gethostname")
    assert terminal.ends() == 0
    assert ALTERNATE_ON not in terminal.raw


def test_what_is_no_terminal_gets_the_status(folder: Path) -> None:
    ended = lab(at=folder)
    assert ended.status == 0
    assert "Next: 01-gethostname" in ended.out
    assert "\x1b" not in ended.out


def test_no_other_command_waits_for_the_screen_to_be_loaded(folder: Path) -> None:
    ended = lab("list", at=folder, PYTHONPROFILEIMPORTTIME="1")
    assert "checker.reports.standing" in ended.err
    assert "textual" not in ended.err
