"""`lab watch` at a terminal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker.tests.command import LAB, RETURNS, WAITS, Terminal, lab, one_line, plain

CTRL_C = "\x03"
WAITING = "waiting for a save"
SPINS = "int main() { for (;;) {} }\n"
COMPILES_FOR_EVER = """
template <int depth, class... Path> struct Tree {
  static constexpr int size =
      Tree<depth - 1, Path..., char>::size + Tree<depth - 1, Path..., int>::size;
};
template <class... Path> struct Tree<0, Path...> { static constexpr int size = 1; };
int main() { return Tree<30>::size; }
"""


class Watch:
    """A running `lab watch`, and the file that it watches."""

    def __init__(self, folder: Path, *options: str, first: str = RETURNS % 1) -> None:
        self.file = folder / "10-tcp-server" / "main.cpp"
        self.file.write_text(first)
        self.terminal = Terminal(LAB, "watch", "10", *options, at=folder)

    def verdict(self) -> str:
        """The next one."""
        return self.terminal.sees(WAITING)

    def saves(self, program: str, at: int | None = None) -> None:
        """As editors do that keep the old file until the new one is complete; `at` this second."""
        new = self.file.with_suffix(".new")
        new.write_text(program)
        if at is not None:
            os.utime(new, (at, at))
        new.replace(self.file)

    def quits(self) -> None:
        self.terminal.types("q")
        assert self.terminal.ends() == 0
        assert all(len(line) <= 80 for line in self.terminal.lines)


def test_each_save_gives_a_new_verdict_which_is_recorded(folder: Path) -> None:
    watch = Watch(folder)
    assert "it exited with status 1" in watch.verdict()
    watch.saves(RETURNS % 2)
    assert "it exited with status 2" in watch.verdict()
    watch.file.write_text(RETURNS % 3)
    assert "it exited with status 3" in watch.verdict()
    watch.quits()
    record = folder / ".lab" / "results" / "10-tcp-server.json"
    assert "it exited with status 3" in record.read_text()


def test_polling_misses_no_save_whatever_its_time(folder: Path) -> None:
    watch = Watch(folder, "--poll")
    watch.verdict()
    watch.saves(WAITS, at=20)
    watch.terminal.sees("listens on the TCP port")
    watch.saves(RETURNS % 2, at=20)
    assert "it exited with status 2" in watch.verdict()
    watch.saves(RETURNS % 3, at=10)
    assert "it exited with status 3" in watch.verdict()
    watch.quits()
    assert "it still runs" not in plain(watch.terminal.raw)


def test_a_save_while_a_check_runs_gives_the_verdict_of_the_newer_save_only(folder: Path) -> None:
    watch = Watch(folder, first=WAITS)
    watch.terminal.sees("listens on the TCP port")
    watch.saves(RETURNS % 2)
    verdict = watch.verdict()
    assert "it exited with status 2" in verdict
    assert "it still runs" not in verdict
    watch.quits()
    assert plain(watch.terminal.raw).count("Not done yet.") == 1


def test_r_checks_again_and_q_quits(folder: Path) -> None:
    watch = Watch(folder)
    watch.verdict()
    watch.terminal.types("r")
    assert "it exited with status 1" in watch.verdict()
    watch.terminal.types("rq")
    assert watch.terminal.ends() == 0


def test_other_keys_and_other_files_are_not_minded(folder: Path) -> None:
    watch = Watch(folder)
    watch.verdict()
    (watch.file.parent / "notes.txt").write_text("a thought")
    (watch.file.parent / "old").mkdir()
    (watch.file.parent / "old" / "main.cpp").write_text(RETURNS % 5)
    watch.terminal.types("x\x1b[A")
    watch.saves(RETURNS % 2)
    assert "it exited with status 2" in watch.verdict()
    watch.quits()
    assert plain(watch.terminal.raw).count("Not done yet.") == 2


def test_a_file_that_is_gone_is_told_and_waited_for(folder: Path) -> None:
    watch = Watch(folder)
    watch.verdict()
    watch.file.unlink()
    watch.terminal.sees("10-tcp-server: no .cpp file in it")
    watch.saves(RETURNS % 2)
    assert "it exited with status 2" in watch.verdict()
    watch.quits()


def test_without_a_task_each_save_tells_which_one_is_meant(folder: Path) -> None:
    (folder / "01-gethostname" / "main.cpp").write_text(RETURNS % 1)
    terminal = Terminal(LAB, "watch", at=folder)
    assert "01-gethostname · " in terminal.sees(WAITING)
    (folder / "10-tcp-server" / "main.cpp").write_text(RETURNS % 2)
    assert "10-tcp-server · " in terminal.sees(WAITING)
    terminal.types("q")
    assert terminal.ends() == 0


def test_a_program_that_never_ends_freezes_nothing(folder: Path) -> None:
    watch = Watch(folder, first=SPINS)
    watch.terminal.sees("listens on the TCP port")
    watch.quits()


@pytest.mark.usefixtures("private_arena")
def test_where_the_system_tells_no_saves_the_files_are_looked_at(folder: Path) -> None:
    none = "echo 0 > /proc/sys/user/max_inotify_instances"
    (folder / "10-tcp-server" / "main.cpp").write_text(RETURNS % 1)
    command = ["unshare", "--user", "--map-root-user", "sh", "-c", f'{none}; exec "$@"', "sh"]
    terminal = Terminal(*command, LAB, "watch", "10", at=folder)
    terminal.sees("so the files are looked at")
    assert "it exited with status 1" in terminal.sees(WAITING)
    (folder / "10-tcp-server" / "main.cpp").write_text(RETURNS % 2)
    assert "it exited with status 2" in terminal.sees(WAITING)
    terminal.types("q")
    assert terminal.ends() == 0


def test_a_compiler_that_never_ends_freezes_nothing(folder: Path) -> None:
    watch = Watch(folder, first=COMPILES_FOR_EVER)
    watch.terminal.sees("compiling")
    watch.saves(RETURNS % 2)
    assert "it exited with status 2" in watch.verdict()
    watch.quits()


@pytest.mark.parametrize("key", ["q", CTRL_C], ids=["q", "Ctrl-C"])
def test_the_terminal_is_left_as_it_was_found(folder: Path, key: str) -> None:
    script = 'trap : INT; stty -g; "$0" watch 10; echo "status $?"; stty -g; echo over'
    (folder / "10-tcp-server" / "main.cpp").write_text(RETURNS % 1)
    terminal = Terminal("sh", "-c", script, LAB, at=folder)
    before = terminal.sees("\r\n").strip()
    terminal.sees(WAITING)
    terminal.types(key)
    terminal.sees("status 0\r\n")
    assert terminal.sees("\r\n").strip() == before
    terminal.sees("over")
    assert terminal.ends() == 0
    assert "Traceback" not in terminal.raw


def test_a_task_that_is_not_there_is_told(folder: Path) -> None:
    (folder / "10-tcp-server").rename(folder / "elsewhere")
    ended = lab("watch", "10", at=folder)
    assert ended.status == 2
    assert one_line(ended.err) == "lab: 10-tcp-server is not there: `./lab start` makes it"
