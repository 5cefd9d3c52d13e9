"""What a student reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.catalog import Task, tasks
from checker.reports import verdict
from checker.reports.console import console
from checker.results import CheckResult, Result
from checker.tests.made import made_check, made_failure, made_result
from checker.timeline import Event

pytestmark = pytest.mark.usefixtures("course")
LOG = Path("/tmp/check.log")


class Reader:
    """Reads a verdict off a screen of 80 columns."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def reads(self, result: Result, everything: bool = False, recorded: bool = False) -> str:
        verdict.show(result, the_task(), LOG, console(), everything, recorded)
        shown = self._capsys.readouterr().out
        assert all(len(line) <= 80 for line in shown.splitlines())
        return shown

    def reads_lines(self, result: Result) -> list[str]:
        return [line.rstrip() for line in self.reads(result).splitlines()]


@pytest.fixture
def student(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Reader:
    monkeypatch.chdir(tmp_path)  # paths are told as they are seen from here
    return Reader(capsys)


def the_task() -> Task:
    return tasks()[0]


def not_done(*checks: CheckResult) -> Result:
    return made_result(*checks, outcome="not done")


def test_a_task_that_is_done(student: Reader) -> None:
    star = made_check("survives", level="craft", max_points=5, points=5)
    assert student.reads_lines(made_result(made_check(), star)) == [
        "01-one · Task 1",
        "",
        "      ✓ the program listens",
        "craft ★ the program survives",
        "",
        "Done.  1 of 1 core · 1 of 1 stars · 15 of 15 points · seed 4711",
    ]


def test_a_failure_tells_the_steps_the_difference_and_where_to_read_on(student: Reader) -> None:
    lines = student.reads_lines(not_done(made_failure()))
    assert lines[2:] == [
        " ✗ the program listens",
        "",
        "✗ the program listens  listens",
        "        1 the lab starts ./server",
        "      ✗ 2 your program listens",
        " expected a TCP socket",
        "      got it exited with status 0",
        "      why Clients find a server by its port.",
        "     read man 2 bind · man 2 socket · ./lab hint 01",
        "",
        "Not done yet.  0 of 1 core · 0 of 0 stars · 0 of 10 points · seed 4711",
        "full log  /tmp/check.log",
    ]


def test_no_command_is_broken_between_two_lines(student: Reader) -> None:
    pages = [f"{'call' * length}(2)" for length in (3, 4, 4, 3)]
    lines = student.reads_lines(not_done(made_failure(man=pages)))
    (line,) = (number for number, told in enumerate(lines) if told.startswith("     read "))
    assert lines[line : line + 2] == [
        "     read man 2 callcallcall · man 2 callcallcallcall · man 2 callcallcallcall",
        "          man 2 callcallcall · ./lab hint 01",
    ]


def test_a_caret_stays_under_the_byte_that_it_marks(student: Reader) -> None:
    failure = made_failure(expected='5 bytes\n"abcde"', got='5 bytes\n"abXde"\n   ^ difference')
    lines = student.reads_lines(not_done(failure))
    caret = next(index for index, line in enumerate(lines) if "^" in line)
    assert lines[caret - 1][lines[caret].index("^")] == "X"


def test_of_many_steps_the_first_and_the_last_are_shown(student: Reader) -> None:
    result = not_done(made_failure(steps=[f"step {number}." for number in range(1, 21)]))
    short = student.reads(result)
    assert [n for n in range(1, 21) if f"step {n}." in short] == [1, 15, 16, 17, 18, 19, 20]
    assert "… 13 steps more" in short
    assert all(f"step {n}." in student.reads(result, everything=True) for n in range(1, 21))


def test_the_first_core_failure_is_explained_and_the_others_are_named(student: Reader) -> None:
    craft = made_failure("is_polite", level="craft", why="Manners.")
    first, second = made_failure("first", why="The one."), made_failure("second", why="The other.")
    shown = student.reads(not_done(craft, first, second))
    assert "The one." in shown
    assert "The other." not in shown and "Manners." not in shown
    assert "✗ the program second: it exited with status 0" in shown
    assert "☆ the program is_polite: it exited with status 0" in shown
    assert "-v shows each of them in full" in shown
    everything = student.reads(not_done(craft, first, second), everything=True)
    assert all(why in everything for why in ("The one.", "The other.", "Manners."))


def test_what_a_program_printed_is_not_taken_for_markup(student: Reader) -> None:
    failure = made_failure(got="[bold red]Hello[/] :boom: [link=http://x]")
    assert "[bold red]Hello[/] :boom: [link=http://x]" in student.reads(not_done(failure))


def seen(calls: int) -> list[Event]:
    """A timeline in which the program made so many calls."""
    lab = Event(0.0, "the lab", "starts ./server")
    made = [
        Event(at / 1000, "your program", f"read({at})", "call", at / 1000, "= 1")
        for at in range(1, calls + 1)
    ]
    last = Event(0.5, "client 1", "waits for 1 byte", mark="failed")
    return [lab, *made, last]


def ladder_rows(shown: str) -> list[str]:
    return [line for line in shown.splitlines() if " ms" in line or "your program  " in line]


def test_a_failure_shows_what_the_program_did(student: Reader) -> None:
    lines = student.reads(not_done(made_failure(timeline=seen(2)))).splitlines()
    first = lines.index("           your program      client 1")
    assert lines[first - 1] == ""
    assert lines[first + 1 : first + 6] == [
        "    0.0 ms the lab starts ./server",
        "    1.0 ms read(1) = 1",
        "    2.0 ms read(2) = 1",
        "           · 498 ms ·",
        "  500.0 ms                   ✗ waits for 1 byte",
    ]


def test_where_no_call_was_seen_there_is_nothing_to_show(student: Reader) -> None:
    shown = student.reads(not_done(made_failure(timeline=seen(0))))
    assert ladder_rows(shown) == []


def test_of_many_calls_the_last_are_shown(student: Reader) -> None:
    result = not_done(made_failure(timeline=seen(100)))
    shown = student.reads(result)
    assert [n for n in range(1, 101) if f"read({n})" in shown] == list(range(90, 101))
    assert "starts ./server" not in shown.partition("your program      client 1")[2]
    everything = student.reads(result, everything=True)
    assert all(f"read({n})" in everything for n in range(1, 101))


def test_only_the_failure_that_is_explained_shows_its_calls(student: Reader) -> None:
    failures = [made_failure(name, timeline=seen(2)) for name in ("first", "second")]
    assert student.reads(not_done(*failures)).count("read(2) = 1") == 1
    assert student.reads(not_done(*failures), everything=True).count("read(2) = 1") == 2


@pytest.mark.parametrize("everything", [True, False])
def test_calls_fit_the_screen_and_end_without_blanks(student: Reader, everything: bool) -> None:
    long = [
        Event(n / 10, f"your program, child {n}", f"read({'9' * 9 * n})", "call", n / 10, "= 1")
        for n in range(1, 12)
    ]
    shown = student.reads(not_done(made_failure(timeline=[*seen(3), *long])), everything)
    rows = ladder_rows(shown)
    assert len(rows) > 12
    assert rows == [row.rstrip() for row in rows]


def test_of_a_recorded_check_all_calls_can_be_asked_for(student: Reader) -> None:
    result = not_done(made_failure(timeline=seen(100)))
    assert "./lab ladder 01 listens" in student.reads(result, recorded=True)
    assert "./lab ladder" not in student.reads(result)


def test_a_call_is_not_taken_for_markup(student: Reader) -> None:
    odd = Event(0.1, "your program", 'write(4, "[bold red]x[/] :boom:", 20)', "call", 0.1, "= 20")
    shown = student.reads(not_done(made_failure(timeline=[odd])))
    assert 'write(4, "[bold red]x[/] :boom:", 20) = 20' in shown


def test_a_word_without_end_is_folded(student: Reader) -> None:
    assert "x" * 60 in student.reads(not_done(made_failure(got="x" * 500, steps=["y" * 500])))


def test_a_skipped_check_tells_the_reason(student: Reader) -> None:
    skipped = made_check("echoes", outcome="skipped", points=0, reason="needs “listens”")
    assert "– the program echoes · needs “listens”" in student.reads(not_done(skipped))


def test_the_checkers_own_error_is_not_the_students(student: Reader) -> None:
    broken = made_check(outcome="error", points=0, reason="the prober died")
    shown = student.reads(made_result(broken, made_failure("echoes"), outcome="error"))
    assert "! the program listens: the checker's own error, not yours" in shown
    assert "the prober died" in shown
    assert "The checker itself failed; this is no verdict." in shown


def test_of_a_second_error_the_last_line_is_shown(student: Reader) -> None:
    broken = made_check(outcome="error", points=0, reason="the prober died")
    other = made_check("echoes", outcome="error", points=0, reason="File x\n  line 1\nOSError: y\n")
    shown = student.reads(made_result(broken, other, outcome="error"))
    assert "! the program echoes: OSError: y\n" in shown.replace(" \n", "\n")


def test_compiler_errors_are_the_compilers_own_words(student: Reader) -> None:
    said = "main.cpp:3:5: \x1b[1;31merror:\x1b[m expected ‘;’\n    3 | int x\n      |     ^\n"
    result = made_result(outcome="does not compile", diagnostics=said)
    result.checks = []
    assert student.reads_lines(result) == [
        "01-one · Task 1",
        "",
        "main.cpp:3:5: error: expected ‘;’",
        "    3 | int x",
        "      |     ^",
        "",
        "It does not compile.",
    ]


def test_of_many_compiler_errors_the_first_ones_are_shown(student: Reader) -> None:
    said = "".join(f"error {number}.\n" for number in range(100))
    result = made_result(outcome="does not compile", diagnostics=said)
    short = student.reads(result)
    assert "error 0." in short and "error 99." not in short
    assert "76 lines more: mend the first error first (-v shows all)" in short
    assert "error 99." in student.reads(result, everything=True)


def test_warnings_are_shown_until_the_task_is_done(student: Reader) -> None:
    warned = not_done(made_failure())
    warned.diagnostics = "main.cpp:1:1: warning: unused"
    assert "The compiler warns:" in student.reads(warned)
    done = made_result(diagnostics="main.cpp:1:1: warning: unused")
    assert "warn" not in student.reads(done)


def test_the_guide_is_named_once_there_is_a_chapter(
    student: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict, "ROOT", tmp_path)
    (tmp_path / "lab-guide").mkdir()
    (tmp_path / "lab-guide" / "01-one.md").touch()
    assert "./lab guide 01 listen" in student.reads(not_done(made_failure()))


def test_an_open_arena_is_mentioned(student: Reader) -> None:
    shown = student.reads(made_result(arena="open"))
    assert "Without a private network: see `./lab doctor`." in shown


def test_among_others_a_task_is_one_line() -> None:
    lines = [
        verdict.one_line(result, the_task()).plain
        for result in (
            made_result(),
            not_done(made_failure()),
            made_result(outcome="does not compile"),
        )
    ]
    assert lines == [
        "✓ 01-one                  1 of 1 core · 0 of 0 stars",
        "✗ 01-one                  0 of 1 core · 0 of 0 stars",
        "✗ 01-one                  1 of 1 core · 0 of 0 stars  does not compile",
    ]
