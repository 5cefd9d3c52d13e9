"""The command at a terminal: live progress, colours, questions, and Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalog import tasks
from checker.tests.command import COLOUR, LAB, RETURNS, WAITS, Terminal, lab

CTRL_C = "\x03"
CTRL_D = "\x04"
CURSOR_ON, CURSOR_OFF = "\x1b[?25h", "\x1b[?25l"


def write(folder: Path, program: str, task: str = "10-tcp-server") -> Path:
    file = folder / task / "main.cpp"
    file.write_text(program)
    return file


def test_a_check_shows_what_it_is_doing_and_then_the_verdict(folder: Path) -> None:
    terminal = Terminal(LAB, "check", "10", "--program", "/bin/sleep", "--args", "99", at=folder)
    terminal.sees("listens on the TCP port")
    terminal.sees("Not done yet.")
    assert terminal.ends() == 1
    assert all(len(line) <= 80 for line in terminal.lines)
    assert terminal.raw.rindex(CURSOR_ON) > terminal.raw.rindex(CURSOR_OFF)


def test_a_terminal_gets_colours(folder: Path) -> None:
    write(folder, "int main() { return nothing; }\n")
    terminal = Terminal(LAB, "check", "10", at=folder)
    assert terminal.ends() == 1
    assert COLOUR.search(terminal.raw.partition("error:")[0])
    assert COLOUR.search(terminal.raw.partition("error:")[2])


@pytest.mark.parametrize("program", ["int main() { return nothing; }\n", RETURNS % 1])
def test_with_no_color_a_terminal_gets_none(folder: Path, program: str) -> None:
    write(folder, program)
    terminal = Terminal(LAB, "check", "10", at=folder, NO_COLOR="1")
    assert terminal.ends() == 1
    assert not COLOUR.search(terminal.raw)
    assert all(len(line) <= 80 for line in terminal.lines)


def test_what_is_no_terminal_gets_text_only(folder: Path) -> None:
    write(folder, "int main() { int unused; }\n")
    Terminal(LAB, "check", "10", "--only", "listens", at=folder).ends()
    ended = lab("check", "10", "--only", "listens", "--json", "result.json", at=folder)
    assert "warning: unused variable" in ended.out
    assert "\x1b" not in ended.out
    assert "u001b" not in (folder / "result.json").read_text()


def test_paths_can_be_clicked(folder: Path) -> None:
    write(folder, RETURNS % 1)
    terminal = Terminal(LAB, "check", "10", "--only", "listens", at=folder)
    terminal.ends()
    assert "\x1b]8;" in terminal.raw
    assert ".log\x1b\\" in terminal.raw


# Ctrl-C. That the terminal then ends proves that nothing goes on behind it.


@pytest.mark.parametrize("moment", ["compiling", "listens on the TCP port"])
def test_ctrl_c_ends_a_check(folder: Path, moment: str) -> None:
    write(folder, f"{WAITS}// {moment}\n")
    terminal = Terminal(LAB, "check", "10", at=folder)
    terminal.sees(moment)
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    assert terminal.raw.rindex(CURSOR_ON) > terminal.raw.rindex(CURSOR_OFF)
    assert "Traceback" not in terminal.raw
    assert "Not done yet" not in terminal.raw
    assert not (folder / ".lab" / "results").exists()


def test_ctrl_c_ends_a_check_of_all_tasks(folder: Path) -> None:
    for task in tasks():
        write(folder, WAITS, task.slug)
    write(folder, RETURNS % 1, "01-gethostname")
    terminal = Terminal(LAB, "check", "--all", at=folder)
    terminal.sees("01-gethostname")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.raw
    assert tasks()[-1].slug not in terminal.raw


# Questions


def test_submit_asks_who_you_are(folder: Path) -> None:
    terminal = Terminal(LAB, "submit", at=folder)
    terminal.asks("Your name: ")
    terminal.types("Ana\r")
    terminal.asks("Your student id: ")
    terminal.types("\r")
    terminal.asks("Your student id: ")
    terminal.types("ist199\r")
    terminal.sees("loopback-ist199.tar.gz: ")
    assert terminal.ends() == 0


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 2)], ids=["Ctrl-C", "Ctrl-D"])
def test_a_question_can_be_left(folder: Path, key: str, status: int) -> None:
    terminal = Terminal(LAB, "submit", at=folder)
    terminal.asks("Your name: ")
    terminal.types(key)
    assert terminal.ends() == status
    assert "Traceback" not in terminal.raw
    assert not list(folder.glob("*.tar.gz"))


def test_reset_all_asks_until_it_is_answered(folder: Path) -> None:
    file = write(folder, "// mine\n")
    terminal = Terminal(LAB, "reset", "--all", at=folder)
    terminal.asks("Reset every task? [y/N]: ")
    terminal.types("perhaps\r")
    terminal.asks("Reset every task? [y/N]: ")
    terminal.types("\r")
    terminal.sees("Nothing was changed.")
    assert terminal.ends() == 1
    assert file.read_text() == "// mine\n"


def test_ctrl_c_at_the_question_resets_nothing(folder: Path) -> None:
    file = write(folder, "// mine\n")
    terminal = Terminal(LAB, "reset", "--all", at=folder)
    terminal.asks("Reset every task? [y/N]: ")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    assert file.read_text() == "// mine\n"
