"""`lab experiment`, from a script and at a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker import catalog, progress
from checker.run import Judged
from checker.tests.command import LAB, WAITS, Terminal, lab, one_line
from checker.tests.made import made_result
from checker.tests.test_trace import FORBID, NO_ARENA
from checker.workspace import Workspace

CTRL_C, CTRL_D = "\x03", "\x04"
LAST = ["that", "UDP", "port", "not", "yet"]
RECORD = Path(".lab", "experiments.json")


def test_alone_it_lists_them(folder: Path) -> None:
    ended = lab("experiment", at=folder)
    assert (ended.status, ended.err) == (0, "")
    assert ended.lines[0].split() == ["·", "1", "No", "server", "at", *LAST]
    assert sum("not yet" in line for line in ended.lines) == 13
    assert all(len(line) <= 80 for line in ended.lines)


@pytest.mark.usefixtures("private_arena")
def test_with_json_it_tells_everything(folder: Path) -> None:
    ended = lab("experiment", "4", "--predict", "7", "--json", at=folder)
    assert (ended.status, ended.err) == (0, "")
    seen: dict[str, Any] = json.loads(ended.out)
    assert seen["schema"] == "loopback/experiment@1"
    assert (seen["experiment"], seen["program"]) == (4, "the reference")
    assert (seen["prediction"], seen["outcome"], seen["right"]) == ("7", "1000", False)
    assert seen["evidence"]["facts"]["what recvfrom returned"] == 1000
    assert seen["evidence"]["timeline"]
    assert "One call gives one datagram" in seen["explanation"]
    kept = json.loads((folder / RECORD).read_text())
    assert kept["04-bytes-back"]["prediction"] == "7"
    listed = lab("experiment", at=folder).lines
    assert listed[3].endswith("1000 (not 7)")
    assert listed[-1].startswith("1 of 13 tried.")


@pytest.mark.usefixtures("private_arena")
def test_with_a_prediction_it_asks_nothing(folder: Path) -> None:
    ended = lab("experiment", "1", "--predict", "waits", at=folder)
    assert (ended.status, ended.err) == (0, "")
    assert "Run on the reference solution: task 04 is not done yet." in ended.out
    assert "recvfrom(3, 65507) … does not return" in ended.out
    assert "✓ That is what happened." in ended.out
    assert "200 ms" in ended.out
    assert all(len(line) <= 80 for line in ended.lines)
    assert "\x1b" not in ended.out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["0"], "there is no experiment 0: they are 1 to 13"),
        (["14", "--predict", "1"], "there is no experiment 14: they are 1 to 13"),
        (["--predict", "1"], "say which experiment: they are 1 to 13"),
        (["1", "--json"], "--json asks nothing: add --predict"),
        (["1", "--predict", "5"], "answer with a number from 1 to 4"),
        (["4", "--predict", "", "--json"], "answer with a number of bytes"),
        (["one"], "Invalid value for 'N'"),
    ],
)
def test_what_cannot_be_used_is_one_line(words: list[str], reason: str, folder: Path) -> None:
    ended = lab("experiment", *words, at=folder)
    assert (ended.status, ended.out) == (2, "")
    assert one_line(ended.err).startswith(f"lab: {reason}")
    assert not (folder / RECORD).exists()


def test_where_nobody_answers_nothing_is_done(folder: Path) -> None:
    ended = lab("experiment", "1", at=folder)
    assert ended.status == 2
    assert ended.err.strip() == "lab: no answer came, so nothing was done"


def test_without_an_arena_it_says_what_mends_it(folder: Path) -> None:
    words = ("experiment", "1", "--predict", "1", "--json")
    ended = lab(*words, at=folder, through=(*NO_ARENA, FORBID, "sh"))
    assert (ended.status, ended.out) == (3, "")
    told = one_line(ended.err)
    assert told.startswith("lab: every experiment needs a private network")
    assert "`./lab doctor`" in told


@pytest.mark.usefixtures("private_arena")
def test_at_a_terminal_it_asks_until_it_has_a_prediction(folder: Path) -> None:
    terminal = Terminal(LAB, "experiment", "2", at=folder)
    terminal.asks("Your prediction (1 to 4):")
    terminal.types("9\r")
    terminal.asks("Please answer with a number from 1 to 4.")
    terminal.types("1\r")
    terminal.sees("recvfrom(3, 65507)")
    terminal.sees("The evidence")
    terminal.sees("What happened:")
    terminal.sees("Not as predicted")
    assert terminal.ends() == 0
    assert all(len(line) <= 80 for line in terminal.lines)
    assert json.loads((folder / RECORD).read_text())["02-who-sent-it"]["outcome"] == "sender"


@pytest.mark.parametrize(("key", "status"), [(CTRL_C, 130), (CTRL_D, 2)], ids=["C", "D"])
def test_at_the_question_it_can_be_left(key: str, status: int, folder: Path) -> None:
    terminal = Terminal(LAB, "experiment", "2", at=folder)
    terminal.asks("Your prediction (1 to 4):")
    terminal.types(key)
    assert terminal.ends() == status
    assert "Traceback" not in terminal.raw
    assert not (folder / RECORD).exists()


@pytest.mark.usefixtures("private_arena")
def test_while_it_runs_it_can_be_ended(folder: Path) -> None:
    task = catalog.find("10")
    Workspace(folder).program(task).write_text(WAITS)
    done = made_result(task=task.slug)
    progress.record(Workspace(folder), task, Judged(done, ""))
    terminal = Terminal(LAB, "experiment", "11", at=folder)
    terminal.asks("Your prediction")
    terminal.types("1\r")
    terminal.sees("building and running")
    terminal.types(CTRL_C)
    assert terminal.ends() == 130
    assert "Traceback" not in terminal.raw
    assert not (folder / RECORD).exists()
