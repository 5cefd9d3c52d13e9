"""The command, as a script calls it: exit statuses, and one clear line for every bad input."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import catalog, cli
from checker.tests.command import (
    LAB,
    RETURNS,
    UNPRIVILEGED,
    Ended,
    environment,
    lab,
    one_line,
)

Call = Callable[..., Ended]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs the command in this process, which is faster."""

    def run(*arguments: str, at: Path, stdin: str = "") -> Ended:
        monkeypatch.chdir(at)
        monkeypatch.setattr(sys, "argv", ["lab", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return Ended(int(ended.value.code or 0), *capsys.readouterr())

    return run


def refusal(ended: Ended) -> str:
    """The one line with which the command refuses unusable input, having printed nothing else."""
    assert (ended.status, ended.out) == (2, ""), ended
    return one_line(ended.err)


def write(folder: Path, program: str, task: str = "10-tcp-server") -> Path:
    file = folder / task / "main.cpp"
    file.write_text(program)
    return file


# What there is


@pytest.mark.parametrize("arguments", [["-h"], ["check", "--help"]])
def test_help_fits_the_terminal(tmp_path: Path, arguments: list[str]) -> None:
    ended = lab(*arguments, at=tmp_path)
    assert ended.status == 0
    assert "Usage: lab" in ended.out
    assert all(len(line) <= 80 for line in ended.lines)


def test_help_names_every_command(tmp_path: Path) -> None:
    ended = lab("--help", at=tmp_path)
    named = {line.split()[0] for line in ended.lines if line.startswith("  ")}
    assert not any(line.endswith("...") for line in ended.lines[1:])
    commands = "start list check watch trace ladder hint solution reset open submit doctor"
    assert named >= set(commands.split())


def test_alone_it_tells_what_comes_next(call: Call, folder: Path) -> None:
    ended = call(at=folder)
    assert ended.status == 0
    assert "Next: 01-gethostname" in ended.out
    assert all(len(line) <= 80 for line in ended.lines)


def test_list_shows_every_task(call: Call, folder: Path) -> None:
    ended = call("list", at=folder)
    assert ended.status == 0
    assert all(slug.name in ended.out for slug in folder.glob("??-*"))
    assert all(len(line) <= 80 for line in ended.lines)


# A new workspace


def test_start_makes_a_workspace_and_says_what_to_do_next(call: Call, tmp_path: Path) -> None:
    ended = call("start", "--to", "my work", at=tmp_path)
    assert (ended.status, ended.err) == (0, "")
    assert ended.lines[0].startswith("my work: ")
    assert ended.lines[1] == "Next: cd 'my work', then ./lab open 1, then ./lab check 1"


def test_the_next_step_can_be_typed_as_it_is_shown(tmp_path: Path) -> None:
    lab("start", "--to", "mine", at=tmp_path)
    mine = tmp_path / "mine"
    ended = lab("list", at=mine, program=mine / "lab")
    assert ended.status == 0
    again = lab("start", at=mine, program=mine / "lab")
    assert again.lines == ["this folder: nothing to add", "Next: ./lab"]


def test_start_where_a_file_is_in_the_way(call: Call, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "file" in refusal(call("start", "--to", "file", at=tmp_path))


# Bad input


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("frobnicate", "No such command 'frobnicate'; see `./lab --help`"),
        ("--frob", "No such option: --frob; see `./lab --help`"),
        ("solution", "Missing argument 'TASK'"),
        ("check 99", "no task is called “99”; `./lab list` shows them"),
        ("check --port x", "Invalid value for '--port': “x” is no whole number from 1 to 65535"),
        ("check --port 0", "Invalid value for '--port': “0” is no whole number from 1 to 65535"),
        ("check --seed x", "Invalid value for '--seed': “x” is no whole number of at least 0"),
        ("check 10 --only nosuch", "no check is called “nosuch”: a verdict names those that fail"),
        ("check 10 --only listen", "no check is called “listen”; is it “listens”?"),
        ("check 10 --args {hots}", "--args: in braces, only {host}, {port} and {message}"),
        ("check 10 --args {port!r}", "--args: in braces, only {host}, {port} and {message}"),
        ("check 10 --args {", "--args: Single '{' encountered in format string"),
        ("check 10 --args '", "--args: No closing quotation"),
        ("check 10 --program 10-tcp-server", "10-tcp-server: no program that can be run"),
        ("check 10 --program nosuch", "nosuch: no program that can be run"),
        ("check --program /bin/true", "say for which task this program is"),
        ("check 10 --source nosuch.c", "nosuch.c: No such file or directory"),
        ("check 10 --json x.cpp", "x.cpp: --json would write over this source file"),
        ("reset", "say which task, or --all"),
        ("solution 10", "10-tcp-server is not done yet; --spoil shows it anyway"),
        ("open 10", "set $VISUAL or $EDITOR, or open 10-tcp-server/main.cpp yourself"),
    ],
)
def test_unusable_input_is_refused_in_one_line(
    call: Call, folder: Path, arguments: str, line: str
) -> None:
    assert refusal(call(*arguments.split(), at=folder)) == f"lab: {line}"
    assert len(line) <= 80


def test_a_program_that_may_not_be_run(call: Call, folder: Path) -> None:
    (folder / "data").write_text("not a program")
    assert refusal(call("check", "10", "--program", "data", at=folder)) == (
        "lab: data: no program that can be run"
    )


def test_a_task_without_a_source(call: Call, folder: Path) -> None:
    (folder / "10-tcp-server" / "main.cpp").unlink()
    line = refusal(call("check", "10", at=folder))
    assert line.endswith("10-tcp-server: no .cpp file in it")


def test_a_task_that_came_after_the_last_start(call: Call, folder: Path) -> None:
    shutil.rmtree(folder / "10-tcp-server")
    assert refusal(call("check", "10", at=folder)) == (
        "lab: 10-tcp-server is not there: `./lab start` makes it"
    )


def test_a_source_that_cannot_be_read(folder: Path) -> None:
    write(folder, "").chmod(0)
    ended = lab("check", "10", at=folder, through=UNPRIVILEGED)
    assert ended.status == 2
    assert one_line(ended.err) == "lab: 10-tcp-server/main.cpp: Permission denied"


def test_a_workspace_that_cannot_be_written(folder: Path) -> None:
    write(folder, "// mine\n")
    (folder / "10-tcp-server").chmod(0o500)
    ended = lab("reset", "10", at=folder, through=UNPRIVILEGED)
    (folder / "10-tcp-server").chmod(0o700)
    assert ended.status == 2
    assert one_line(ended.err).endswith("Permission denied; you may not read or write there")
    assert (folder / "10-tcp-server" / "main.cpp").read_text() == "// mine\n"


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    shell = 'rmdir "$PWD"; exec "$@"'
    ended = lab("list", at=gone, through=("sh", "-c", shell, "sh"))
    assert ended.status == 2
    assert ended.err.splitlines()[-1] == "lab: the current folder is gone: cd to another one"


def test_a_damaged_record_is_told_and_stops_nothing(call: Call, folder: Path) -> None:
    records = folder / ".lab" / "results"
    records.mkdir()
    (records / "01-gethostname.json").write_text("{")
    ended = call("list", at=folder)
    assert (ended.status, ended.err) == (0, "")
    assert "01-gethostname: its record is damaged: run `./lab check 01` again" in ended.out


# The machine's troubles


def test_a_missing_compiler_is_named_with_what_helps(folder: Path, tmp_path: Path) -> None:
    write(folder, RETURNS % 1)
    bare = tmp_path / "bin"
    bare.mkdir()
    for tool in ("sh", "dirname", "readlink", "find"):
        (bare / tool).symlink_to(shutil.which(tool) or "")
    ended = lab("check", "10", "--open-arena", at=folder, PATH=str(bare))
    assert ended.status == 3
    assert one_line(ended.err) == "lab: no C++ compiler (g++): run `./lab doctor`"
    doctor = lab("doctor", at=folder, PATH=str(bare))
    assert doctor.status == 1
    assert "✗ g++: missing" in doctor.out and "apt-get install g++" in doctor.out


def test_an_error_that_nobody_foresaw_is_the_checkers_own(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(catalog, "find", broken)
    ended = call("check", "10", at=folder)
    assert ended.status == 3
    assert "ZeroDivisionError" in ended.err
    last = ended.err.splitlines()[-1]
    assert last == "lab: this is Loopback's own error, not yours: please report it"


def full(*arguments: str, at: Path) -> Ended:
    """Runs the command where no file can grow, as on a full disk."""
    return lab(*arguments, at=at, through=("prlimit", "--fsize=0:", "--"))


def test_reset_on_a_full_disk_keeps_the_file(folder: Path) -> None:
    file = write(folder, "// mine\n")
    ended = full("reset", "10", at=folder)
    assert ended.status == 3
    assert one_line(ended.err).endswith("make room and run it again, nothing of yours was changed")
    assert file.read_text() == "// mine\n"
    assert [path.name for path in file.parent.iterdir()] == ["main.cpp"]


def test_submit_on_a_full_disk_leaves_no_half_archive(folder: Path) -> None:
    ended = full("submit", "--name", "Ana", "--id", "1", at=folder)
    assert ended.status == 3
    assert one_line(ended.err).startswith("lab: loopback-1.tar.gz: ")
    assert not list(folder.glob("*loopback*"))


@pytest.mark.usefixtures("private_arena")
def test_a_start_on_a_full_disk_can_be_repeated(tmp_path: Path) -> None:
    script = """
        mount -t tmpfs -o size=8k tmpfs disk
        "$1" start --to disk/work; echo "status $?"
        mount -o remount,size=4M tmpfs disk
        "$1" start --to disk/work; echo "status $?"
    """
    (tmp_path / "disk").mkdir()
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", LAB],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "No space left on device" in one_line(done.stderr)
    statuses = [line for line in done.stdout.splitlines() if line.startswith("status")]
    assert statuses == ["status 3", "status 0"]


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    ended = lab("list", at=folder, through=("sh", "-c", '"$@" | head -n 1', "sh"))
    assert ended.err == ""


# Questions on standard input


def test_reset_all_asks_and_a_no_changes_nothing(call: Call, folder: Path) -> None:
    file = write(folder, "// mine\n")
    ended = call("reset", "--all", at=folder, stdin="n\n")
    assert ended.status == 1
    assert ended.out == "Reset every task? [y/N]: Nothing was changed.\n"
    assert file.read_text() == "// mine\n"


def test_reset_all_after_a_yes_keeps_every_changed_file(call: Call, folder: Path) -> None:
    file = write(folder, "// mine\n")
    ended = call("reset", "--all", at=folder, stdin="y\n")
    assert ended.status == 0
    (kept,) = [path for path in file.parent.iterdir() if path != file]
    assert kept.read_text() == "// mine\n"
    note = f"is the skeleton again; yours is kept as {kept.name}"
    assert f"10-tcp-server/main.cpp {note}" in ended.out


@pytest.mark.parametrize("arguments", [["reset", "--all"], ["submit"]])
def test_without_an_answer_nothing_is_done(call: Call, folder: Path, arguments: list[str]) -> None:
    file = write(folder, "// mine\n")
    ended = call(*arguments, at=folder)
    assert ended.status == 2
    assert ended.err.strip() == "lab: no answer came, so nothing was done"
    assert file.read_text() == "// mine\n"
    assert not list(folder.glob("*.tar.gz"))


def test_submit_can_be_told_everything_beforehand(call: Call, folder: Path) -> None:
    ended = call("submit", "--name", "Ana", "--id", "1", "--out", "a.tgz", at=folder)
    assert ended.status == 0
    assert ended.out.startswith("a.tgz: ")
    assert (folder / "a.tgz").exists()


# Ctrl-C


def test_ctrl_c_while_the_command_loads_is_silent(folder: Path) -> None:
    loading = subprocess.Popen(
        [LAB, "submit"],
        cwd=folder,
        env=environment(PYTHONPROFILEIMPORTTIME="1"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert loading.stderr
    for line in loading.stderr:
        if "typer" in line:
            break
    loading.send_signal(signal.SIGINT)
    _, err = loading.communicate()
    assert loading.returncode == 130
    assert all(line.startswith("import time:") for line in err.splitlines() if line.strip())
