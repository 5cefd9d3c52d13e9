"""`lab trace`, as a script calls it: every reference solution, and programs that go wrong."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from checker import catalog, cli
from checker.clock import Deadline
from checker.loop import Loop
from checker.tests.command import LAB, RETURNS, WAITS, Ended, environment, lab, one_line
from checker.tests.programs import alive, code
from checker.trace import session

ESCAPE = "\x1b"
NO_ARENA = ("unshare", "--user", "--map-root-user", "sh", "-c")
PORT = str(20_000 + os.getpid() % 40_000)
"""One that no other run of these tests uses, so that the program can be found by it."""
FORBID = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'

ECHO = 'echo: Hello!\\n"'
SHOWN = {
    "01": ["gethostname(", 'stdout: "host name: '],
    "02": ["getaddrinfo(www.", 'stdout: "canonical hostname: ', 'stdout: "internet address: 127.'],
    "03": ['sendto(3, "Hello!\\n", 7', 'hears a datagram of 7 bytes, "Hello!\\n"'],
    "04": ["= 7 from ", f'stdout: "{ECHO}'],
    "05": ["getnameinfo(", f'stdout: "{ECHO}', 'stdout: "sent by ['],
    "06": ["connect(3, 127.", 'stdout: "connected to 127.', "hears the end (FIN)"],
    "07": ['hears 7 bytes, "Hello!\\n"', f'stdout: "{ECHO}'],
    "08": ["has typed", "ends its standard input", "hears the end (FIN)"],
    "09": ["bind(3, 0.0.0.0:", "recvfrom does not return"],
    "10": ["accept(3) …", "hears the end (FIN)", "accept does not return"],
    "11": ["select(read 3) …", "hears the end (FIN)", "select does not return"],
    "12": ["fork()", "child 1", "hears the end (FIN)", "accept does not return"],
}
SERVERS = ["09", "10", "11", "12"]

QUIET = re.compile(r" *· \d+ ms ·")
"""A row of the ladder for a time in which nothing happened, as on a busy machine."""


def solve(folder: Path, number: str) -> Path:
    """Puts the reference solution into the workspace."""
    task = catalog.find(number)
    shutil.copy(task.solution, folder / task.slug / "main.cpp")
    return folder


def write(folder: Path, number: str, program: str) -> Path:
    (folder / catalog.find(number).slug / "main.cpp").write_text(program)
    return folder


def said(ended: Ended, verb: str) -> list[str]:
    """What the peer sent or heard, in order; a long row goes on in the next line."""
    whole = re.sub(r"\n {11}[│ ] {17}", "", ended.out)
    return re.findall(rf'{verb} .*bytes?, "(.*)"$', whole, re.MULTILINE)


def demand_fit_to_print(ended: Ended) -> None:
    assert all(len(line) <= 80 for line in ended.lines)
    assert ESCAPE not in ended.out


# Every solution


@pytest.mark.parametrize("number", SHOWN)
def test_every_solution_can_be_watched(folder: Path, number: str) -> None:
    ended = lab("trace", number, "--with", "echo", at=solve(folder, number))
    assert (ended.status, ended.err) == (0, "")
    demand_fit_to_print(ended)
    for text in SHOWN[number]:
        assert text in ended.out, text
    how = "was killed by signal 15" if number in SERVERS else "exited with status 0"
    assert ended.out.count(f"({how}") == 1


@pytest.mark.parametrize("number", SERVERS)
def test_a_server_is_sent_lines_and_what_comes_back_is_shown(folder: Path, number: str) -> None:
    ended = lab("trace", number, "--with", "echo", at=solve(folder, number))
    assert len(said(ended, "sends")) == 3
    assert said(ended, "sends") == said(ended, "hears")


def test_each_trace_has_its_own_host_names_and_lines(folder: Path) -> None:
    solve(folder, "06")
    hosts = {lab("trace", "6", at=folder).lines[1].split()[-2] for _ in range(2)}
    assert len(hosts) == 2


def test_without_a_terminal_nobody_types(folder: Path) -> None:
    ended = lab("trace", "10", at=solve(folder, "10"), stdin="typed\n")
    assert "typed" not in ended.out
    assert said(ended, "hears")


# nc


def test_what_is_typed_is_what_the_client_says(folder: Path) -> None:
    ended = lab("trace", "10", "--with", "nc", at=solve(folder, "10"), stdin="one\ntwo")
    assert ended.status == 0
    assert said(ended, "sends") == ["one\\n", "two"]
    assert "".join(said(ended, "hears")) == "one\\ntwo"
    assert ended.out.index("ends its half (FIN)") < ended.out.index("hears the end (FIN)")


def test_each_line_is_a_datagram_for_a_udp_server(folder: Path) -> None:
    ended = lab("trace", "9", "--with", "nc", at=solve(folder, "09"), stdin="one\n\ntwo\n")
    assert said(ended, "sends") == said(ended, "hears") == ["one\\n", "\\n", "two\\n"]


@pytest.mark.parametrize("number", ["04", "07"])
def test_what_is_typed_is_what_the_server_replies(folder: Path, number: str) -> None:
    ended = lab("trace", number, "--with", "nc", at=solve(folder, number), stdin="HELLO.\n")
    assert said(ended, "hears") == ["Hello!\\n"]
    assert 'stdout: "echo: HELLO.\\n"' in ended.out


def test_a_file_can_be_typed(folder: Path) -> None:
    (folder / "typed").write_text("from a file\n")
    shell = '"$@" < typed'
    ended = lab(
        *("trace", "10", "--with", "nc"), at=solve(folder, "10"), through=("sh", "-c", shell, "sh")
    )
    assert said(ended, "sends") == said(ended, "hears") == ["from a file\\n"]


def test_the_end_of_what_is_typed_ends_a_client_that_waits_for_more(folder: Path) -> None:
    ended = lab("trace", "7", "--with", "nc", at=solve(folder, "07"), stdin="He")
    assert "ends its half (FIN)" in ended.out
    assert 'stdout: "echo: He"' in ended.out
    assert "(exited with status 1)" in ended.out


# Arguments


def test_arguments_replace_the_tasks_own(folder: Path) -> None:
    words = ["localhost", "4711", "a {message} of mine"]
    ended = lab("trace", "3", "--with", "echo", "--", *words, at=solve(folder, "03"))
    assert 'hears a datagram of 19 bytes, "a {message} of mine"' in ended.out
    assert "127.0.0.1:4711" in ended.out


@pytest.mark.usefixtures("private_arena")
def test_the_textbooks_host_answers_wherever_it_is_asked(folder: Path) -> None:
    host = "tejo.tecnico.ulisboa.pt"
    ended = lab("trace", "4", "--with", "echo", "--", host, "80", at=solve(folder, "04"))
    assert f'stdout: "{ECHO}' in ended.out


def test_a_host_that_does_not_exist_does_not_exist(folder: Path) -> None:
    ended = lab("trace", "6", "--", "nosuch.test", "80", at=solve(folder, "06"))
    assert ended.status == 0
    assert 'stderr: "error: getaddrinfo: Name or service not known\\n"' in ended.out
    assert "(exited with status 1)" in ended.out


def test_a_server_is_found_wherever_it_listens(folder: Path) -> None:
    body = 'int s = listening("4712"); close(accept(s, nullptr, nullptr)); pause();'
    ended = lab("trace", "10", "--", "4711", at=write(folder, "10", code(body)))
    assert ended.status == 0
    assert "connects to port 4712" in ended.out


def test_a_client_is_typed_lines_as_it_reads_them(folder: Path) -> None:
    ended = lab("trace", "7", "--", "localhost", "4711", "-", at=solve(folder, "07"))
    typed = re.findall(r'has typed \d+ bytes, "(.*)" on', ended.out)
    assert len(typed) == 3
    assert "".join(said(ended, "hears")) == "".join(said(ended, "sends")) == "".join(typed)
    assert ended.out.index("ends its standard input") < ended.out.index("(exited with status 0)")


# Programs that go wrong


def test_a_server_that_listens_nowhere(folder: Path) -> None:
    ended = lab("trace", "10", at=write(folder, "10", WAITS))
    assert ended.status == 1
    assert "finds no socket that listens, for 2 s" in ended.out
    assert "(was killed by signal 15 (SIGTERM))" in ended.out


def test_a_server_that_ends_at_once(folder: Path) -> None:
    ended = lab("trace", "10", at=write(folder, "10", RETURNS % 3))
    assert ended.status == 1
    told = [line for line in ended.lines if not QUIET.fullmatch(line)]
    assert len(told) == 3
    assert told[-1].endswith("(exited with status 3)")


def test_a_program_that_prints_without_end(folder: Path) -> None:
    ended = lab("trace", "1", at=write(folder, "01", code('for (;;) puts("again");')))
    assert ended.status == 0
    assert len(ended.lines) < 1000
    assert "rows not shown)" in ended.out
    assert "the lab stopped your program, having printed 1,048,576 bytes" in ended.out


def test_a_program_that_calls_faster_than_eyes_can_follow(folder: Path) -> None:
    body = """int s = listening(argv[1]), client = accept(s, nullptr, nullptr);
      for (char c;;) if (recv(client, &c, 1, MSG_DONTWAIT) == 0) return 0;"""
    ended = lab("trace", "10", at=write(folder, "10", code(body)))
    demand_fit_to_print(ended)
    assert len(ended.lines) < 1000
    assert "rows not shown)" in ended.out
    assert "recv(4, 1, MSG_DONTWAIT) = EAGAIN" in ended.out
    assert "ends its half (FIN)" in ended.out
    assert "(exited with status 0)" in ended.out
    assert "does not return" not in ended.out


def test_output_without_a_line_end_is_shown_while_the_program_waits(folder: Path) -> None:
    body = """fputs("name? ", stdout); fflush(stdout);
      close(accept(listening(argv[1]), nullptr, nullptr)); pause();"""
    ended = lab("trace", "10", at=write(folder, "10", code(body)))
    assert ended.out.index('stdout: "name? "') < ended.out.index("the lab ends your program")


def test_bytes_that_a_terminal_would_obey_are_shown_as_text(folder: Path) -> None:
    body = r'puts("\33[2J\33]0;mine\7\v");'
    ended = lab("trace", "1", at=write(folder, "01", code(body)))
    demand_fit_to_print(ended)
    assert r'stdout: "\e[2J\e]0;mine\x07\x0b\n"' in ended.out


def test_a_program_that_never_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nor on SIGTERM."""
    monkeypatch.setattr(session, "LONGEST", 0.5)
    monkeypatch.chdir(write(folder, "06", code("signal(SIGTERM, SIG_IGN); for (;;) pause();")))
    monkeypatch.setattr("sys.argv", ["lab", "trace", "6"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capfd.readouterr()
    assert ended.value.code == 1
    assert one_line(err) == "lab: 0.5 s are over: your program is ended"
    assert out.index("(SIGTERM)") < out.index("(SIGKILL)")
    assert out.splitlines()[-1].endswith("(was killed by signal 9 (SIGKILL))")


def test_a_program_that_does_not_compile(folder: Path) -> None:
    ended = lab("trace", "10", at=write(folder, "10", "int main() { return nothing; }\n"))
    assert (ended.status, ended.err) == (1, "")
    assert "error: ‘nothing’ was not declared in this scope" in ended.out
    assert ended.lines[-1] == "It does not compile."


# Bad input


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("99", "no task is called “99”; `./lab list` shows them"),
        ("", "Missing argument 'TASK'"),
        ("10 --pcap no/such/file", "no/such/file: No such file or directory"),
        ("10 --pcap 10-tcp-server", "10-tcp-server: Is a directory"),
        ("10 --pcap x.cpp", "x.cpp: --pcap would write over this source file"),
    ],
)
def test_bad_input_gets_one_line(folder: Path, words: str, line: str) -> None:
    ended = lab("trace", *words.split(), at=write(folder, "10", RETURNS % 0))
    assert (ended.status, ended.out) == (2, "")
    assert one_line(ended.err) == f"lab: {line}"


def test_an_unknown_peer(folder: Path) -> None:
    ended = lab("trace", "10", "--with", "telnet", at=folder)
    assert (ended.status, ended.out) == (2, "")
    assert "'telnet' is not one of 'nc', 'echo'" in one_line(ended.err)


def test_a_folder_that_is_no_workspace(folder: Path) -> None:
    shutil.rmtree(folder / "10-tcp-server")
    ended = lab("trace", "10", at=folder)
    assert ended.status == 2
    assert one_line(ended.err) == "lab: 10-tcp-server is not there: `./lab start` makes it"


# The end of it all


def test_ctrl_c_shows_the_rest_and_leaves_nothing_behind(folder: Path) -> None:
    solve(folder, "12")
    tracing = subprocess.Popen(
        [LAB, "trace", "12", "--with", "nc", "--", PORT],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracing.stdout
    for line in tracing.stdout:
        if f"connects to port {PORT}" in line:
            break
    assert alive(PORT)
    tracing.send_signal(signal.SIGINT)
    rest, err = tracing.communicate(timeout=30)
    assert tracing.returncode == 130
    assert err.strip() == ""
    assert "the lab ends your program (SIGINT)" in rest
    assert "(was killed by signal 2 (SIGINT))" in rest
    assert alive(PORT) == []


def test_whoever_kills_the_command_ends_everything(folder: Path) -> None:
    solve(folder, "10")
    with subprocess.Popen(
        [LAB, "trace", "10", "--with", "nc", "--", PORT],
        cwd=folder,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as tracing:
        assert tracing.stdout
        for line in tracing.stdout:
            if f"connects to port {PORT}" in line:
                break
        assert alive(PORT)
        tracing.kill()
    assert Loop().wait(lambda: not alive(PORT), Deadline(30), poll=0.01)


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    shell = '"$@" | head -n 1'
    ended = lab("trace", "10", at=solve(folder, "10"), through=("sh", "-c", shell, "sh"))
    assert (len(ended.lines), ended.err) == (1, "")


# Where programs get no network of their own


@pytest.mark.usefixtures("private_arena")
@pytest.mark.parametrize("number", ["02", "04", "06", "10", "12"])
def test_without_an_arena_it_runs_on_the_machines_own_network(folder: Path, number: str) -> None:
    solve(folder, number)
    words = ("trace", number, "--with", "echo", "--pcap", "packets")
    ended = lab(*words, at=folder, through=(*NO_ARENA, FORBID, "sh"))
    first, second = ended.err.splitlines()
    assert first.startswith("lab: no private network here (")
    assert second == "lab: no packets: that needs a private network, see `./lab doctor`"
    assert ended.status == 0
    demand_fit_to_print(ended)
    assert ("(exited with status 0)" in ended.out) == (number not in SERVERS)
    assert said(ended, "sends") == said(ended, "hears")
