"""The terminal: its width, and what happens while a check runs."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from checker.messages import Collected, Finished, Started
from checker.reports import live
from checker.reports.console import THEME, complain, console
from checker.tests.made import made_check


@pytest.mark.parametrize(("columns", "width"), [("200", 80), ("80", 80), ("40", 40)])
def test_output_is_at_most_80_columns_wide(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert console().width == width


def test_a_complaint_is_one_line_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    complain("no task is called “x”")
    assert capsys.readouterr() == ("", "lab: no task is called “x”\n")


def terminal(is_one: bool) -> Console:
    environment = {"TERM": "xterm"}
    return Console(
        file=io.StringIO(), force_terminal=is_one, width=80, theme=THEME, _environ=environment
    )


def screen(out: Console) -> str:
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_on_a_terminal_the_check_that_runs_is_named() -> None:
    out = terminal(True)
    with live.progress("10-tcp-server", out) as tell:
        tell(Collected([("test_a", "listens on its port", "core"), ("test_b", "echoes", "core")]))
        tell(Started("test_a"))
        tell(Finished(made_check("a"), ""))
    assert "10-tcp-server" in screen(out)
    assert "listens on its port" in screen(out)
    assert "1/2" in screen(out)


def test_elsewhere_nothing_is_written_while_a_check_runs() -> None:
    out = terminal(False)
    with live.progress("10-tcp-server", out) as tell:
        tell(Collected([("test_a", "listens on its port", "core")]))
        tell(Started("test_a"))
    assert screen(out) == ""
