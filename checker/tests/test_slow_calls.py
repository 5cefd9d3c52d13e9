"""The proof by pauses looks everywhere, and misses nothing that it cannot judge."""

from __future__ import annotations

import pytest

from checker import catalog
from checker.proof import slow_calls
from checker.proof.flakes import wrong
from checker.source import Source

pytestmark = pytest.mark.usefixtures("private_arena")


def test_each_call_has_a_pause_on_either_side_and_fork_in_either_process() -> None:
    places = [where for where, _ in slow_calls.slowed(catalog.find("12"))]
    assert {place for place in places if "fork" in place} == {
        *("before fork", "after fork", "in the child after fork", "in the parent after fork")
    }
    assert {"before accept", "after accept", "before waitpid", "after write"} < set(places)


def test_neither_a_streams_write_nor_the_word_in_a_comment_is_a_call() -> None:
    task = catalog.find("07")
    source = task.solution.read_text()
    assert "std::cout.write(" in source
    assert "write(2)" in source
    assert not [where for where, _ in slow_calls.slowed(task) if "write" in where]


def test_a_solution_with_pauses_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert slow_calls.main(["01"]) == 0
    assert capsys.readouterr().out == "slow calls: 0 wrong verdicts in 2 runs\n"


def test_what_does_not_compile_is_no_right_verdict() -> None:
    broken = Source("01-gethostname", {"main.cpp": b"int main("}, ("main.cpp",))
    assert wrong(catalog.find("01"), 1, broken) == ["01-gethostname seed 1: does not compile"]


def test_an_unknown_task_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert slow_calls.main(["99"]) == 2
    assert capsys.readouterr().err.startswith("slow-calls: ")
