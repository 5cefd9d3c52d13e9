"""`lab check`: what it judges, what it prints, what it writes down."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from checker.catalog import tasks
from checker.checking import Choice
from checker.results import Result, outcome_of
from checker.tests.command import RETURNS, Ended, lab, one_line
from checker.tests.made import made_check

HOST_NAME = """
#include <stdio.h>
#include <unistd.h>
int main() {
  char name[65];
  if (gethostname(name, sizeof name) < 0) { perror("error: gethostname"); return 1; }
  printf("host name: %s\\n", name);
}
"""
LISTENS = """
#include <arpa/inet.h>
#include <stdlib.h>
#include <unistd.h>
int main(int argc, char** argv) {
  struct sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_port = htons(argc > 1 ? atoi(argv[1]) : PORT);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  bind(fd, (struct sockaddr*)&here, sizeof here);
  listen(fd, 5);
  pause();
}
"""

MAKES_A_SOCKET = """
#include <sys/socket.h>
int main() { socket(AF_INET, SOCK_STREAM, 0); return 3; }
"""


def write(folder: Path, program: str, task: str = "10-tcp-server") -> None:
    (folder / task / "main.cpp").write_text(program)


def judged(file: Path) -> Result:
    return msgspec.json.decode(file.read_bytes(), type=Result)


def listens(*arguments: str | Path, at: Path) -> Ended:
    """One quick check."""
    return lab("check", "10", "--only", "listens", *arguments, at=at)


@pytest.mark.usefixtures("private_arena")
def test_a_finished_task_is_recorded_and_the_next_one_begins(folder: Path) -> None:
    write(folder, HOST_NAME, "01-gethostname")
    ended = lab("check", at=folder)
    assert (ended.status, ended.err) == (0, "")
    assert "Done.  " in ended.lines[-1] or "Done.  " in ended.lines[-2]
    assert all(len(line) <= 80 for line in ended.lines)
    standing = lab(at=folder)
    assert "✓  01-gethostname" in standing.out
    assert "Next: 02-getaddrinfo" in standing.out


def test_an_unfinished_task_tells_what_failed(folder: Path) -> None:
    write(folder, RETURNS % 7)
    ended = lab("check", "10", "--json", "result.json", at=folder)
    assert ended.status == 1
    assert "it exited with status 7" in ended.out
    assert "full log  .lab/logs/10-tcp-server.log" in ended.out
    result = judged(folder / "result.json")
    assert (result.schema, result.task) == ("loopback/result@1", "10-tcp-server")
    assert result.outcome == "not done"
    assert result.checks[0].got == "it exited with status 7"
    assert result.checks[1].reason == "needs “listens”"
    assert judged(folder / ".lab" / "results" / "10-tcp-server.json") == result
    log = (folder / ".lab" / "logs" / "10-tcp-server.log").read_text()
    assert all(f"== {check.id} " in log for check in result.checks if check.outcome == "failed")


def test_a_source_that_does_not_compile_shows_where_and_why(folder: Path) -> None:
    write(folder, "int main() { return nothing; }\n")
    ended = lab("check", "10", "--json", "result.json", at=folder)
    assert ended.status == 1
    place = "10-tcp-server/main.cpp:1:21: "
    assert f"{place}error: ‘nothing’ was not declared in this scope" in ended.out
    assert "It does not compile." in ended.lines
    result = judged(folder / "result.json")
    assert result.outcome == "does not compile"
    assert "‘nothing’" in result.diagnostics


def test_all_tasks_give_a_line_each_and_an_array(folder: Path) -> None:
    ended = lab("check", "--all", "--program", "/bin/false", "--json", "all.json", at=folder)
    assert ended.status == 1
    slugs = [task.slug for task in tasks()]
    assert [line.split()[1] for line in ended.lines] == slugs
    results = msgspec.json.decode((folder / "all.json").read_bytes(), type=list[Result])
    assert [result.task for result in results] == slugs
    assert {result.outcome for result in results} == {"not done"}


@pytest.mark.usefixtures("private_arena")
def test_what_happened_can_be_seen_again(folder: Path) -> None:
    write(folder, MAKES_A_SOCKET)
    checked = lab("check", "10", at=folder)
    assert "all calls ./lab ladder 10 listens" in checked.lines
    ladder = lab("ladder", "10", at=folder)
    assert (ladder.status, ladder.err) == (0, "")
    assert "socket(AF_INET, SOCK_STREAM) = 3" in ladder.out
    assert "(exited with status 3)" in ladder.out
    assert all(len(line) <= 80 for line in ladder.lines)
    drawn = lab("ladder", "10", "--svg", "seen.svg", at=folder)
    assert drawn.lines[0].startswith("seen.svg: 10-tcp-server: ")
    assert "socket(AF_INET, SOCK_STREAM) = 3" in (folder / "seen.svg").read_text()


def untimed(ended: Ended) -> list[str]:
    """What it printed, but for what happened when."""
    return [line for line in ended.lines if " ms " not in line]


@pytest.mark.usefixtures("private_arena")
def test_a_seed_replays_a_run(folder: Path) -> None:
    write(folder, RETURNS % 1)
    first = listens("--seed", "11", "--json", "1.json", at=folder)
    second = listens("--seed", "11", "--json", "2.json", at=folder)
    assert untimed(first) == untimed(second)
    assert "seed 11" in first.out
    assert judged(folder / "1.json").seed == judged(folder / "2.json").seed == 11


def test_a_program_that_takes_no_port_can_be_judged(folder: Path) -> None:
    (folder / "mine.cpp").write_text(LISTENS.replace("PORT", "4242"))
    ended = listens("--source", "mine.cpp", "--args", "", "--port", "4242", at=folder)
    assert ended.status == 0, ended.out


def test_arguments_can_be_put_in_another_order(folder: Path) -> None:
    program = LISTENS.replace("argv[1]", "argv[2]").replace("PORT", "1")
    (folder / "mine.cpp").write_text(program)
    ended = listens("--source", "mine.cpp", "--args", "--port {port}", at=folder)
    assert ended.status == 0, ended.out


def test_several_files_and_the_headers_beside_them_are_one_program(folder: Path) -> None:
    (folder / "port.hpp").write_text("#define PORT 1\nvoid serve(int argc, char** argv);\n")
    serve = LISTENS.replace("int main", "void serve")
    (folder / "serve.cpp").write_text(f'#include "port.hpp"\n{serve}')
    main = "int main(int argc, char** argv) { serve(argc, argv); }\n"
    (folder / "main.cpp").write_text(f'#include "port.hpp"\n{main}')
    ended = listens("--source", "main.cpp", "--source", "serve.cpp", at=folder)
    assert ended.status == 0, ended.out


def test_a_students_files_do_not_take_the_place_of_the_checkers(folder: Path) -> None:
    write(folder, RETURNS % 7)
    for name in ("checker", "pytest", "conftest", "typer", "rich", "random", "sitecustomize"):
        (folder / f"{name}.py").write_text("raise SystemExit(9)\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --help\n")
    ended = listens(at=folder)
    assert ended.status == 1
    assert "it exited with status 7" in ended.out


def test_a_craft_check_alone_can_be_asked_for() -> None:
    star = made_check("survives", level="craft")
    missed = made_check("survives", level="craft", outcome="failed")
    assert (outcome_of([star]), outcome_of([missed])) == ("done", "not done")
    assert outcome_of([made_check(outcome="failed"), star]) == "not done"


@pytest.mark.parametrize(
    ("asked", "recorded"),
    [
        ({}, True),
        ({"seed": 1}, True),
        ({"everything": True}, True),
        ({"open_arena": True}, True),
        ({"solutions": True}, False),
        ({"program": Path("a")}, False),
        ({"files": [Path("a.c")]}, False),
        ({"only": "listens"}, False),
        ({"template": ""}, False),
        ({"port": 4242}, False),
    ],
)
def test_only_a_whole_check_of_the_students_own_program_counts(
    asked: dict[str, Any], recorded: bool
) -> None:
    assert Choice(task="10", **asked).recorded is recorded


def test_without_a_private_network_the_machines_own_is_used(folder: Path, tmp_path: Path) -> None:
    write(folder, LISTENS.replace("PORT", "1"))
    without_bwrap = tmp_path / "bin"
    without_bwrap.mkdir()
    for tool in ("sh", "dirname", "readlink", "find", "g++", "prlimit", "as", "ld"):
        (without_bwrap / tool).symlink_to(shutil.which(tool) or "")
    ended = lab("check", "10", "--only", "listens", at=folder, PATH=str(without_bwrap))
    line = one_line(ended.err)
    assert line.startswith("lab: no private network here (")
    assert line.endswith("); see `./lab doctor`")
    assert ended.status == 0, ended.out
    assert ended.lines[-1] == "Without a private network: see `./lab doctor`."
