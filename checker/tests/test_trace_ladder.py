"""The ladder that grows: each row once, in the order of time, whatever was known when."""

from __future__ import annotations

import math
import re
from random import Random

import pytest

from checker.ladder.growing import PATIENCE, Growing
from checker.ladder.layout import Picture, Row, arrange
from checker.ladder.text import heads, rows
from checker.timeline import Event

PROGRAM, CHILD, CLIENT = "your program", "your program, child 1", "the client"


def step(at: float, text: str, actor: str = CLIENT) -> Event:
    return Event(at, actor, text)


def call(
    at: float, text: str, until: float | None = None, answer: str = "= 0", actor: str = PROGRAM
) -> Event:
    """One that waits still, unless it says `until` when."""
    if until is None:
        return Event(at, actor, text, "call", mark="blocked")
    return Event(at, actor, text, "call", until, answer)


def texts(picture: Picture) -> list[str]:
    return [row.text for row in picture.rows if row.style != "gap"]


def growing(*actors: str, columns: int = 80) -> Growing:
    return Growing(actors or (PROGRAM, CLIENT), columns)


# Calls


def test_a_call_that_nothing_interrupts_is_one_row() -> None:
    ladder = growing()
    ladder.tell([], {1: call(0.01, "accept(3)")})
    assert texts(ladder.grow(0.02)) == []
    ladder.tell([], {1: call(0.01, "accept(3)", 0.03, "= 4")})
    assert texts(ladder.grow(0.04)) == ["accept(3) = 4"]
    assert texts(ladder.grow(0.05)) == []


def test_a_call_during_which_something_happens_is_two() -> None:
    ladder = growing()
    ladder.tell([step(0.02, "connects")], {1: call(0.01, "accept(3)")})
    assert texts(ladder.grow(0.03)) == ["accept(3) …", "connects"]
    ladder.tell([], {1: call(0.01, "accept(3)", 0.025, "= 4")})
    assert texts(ladder.grow(0.03)) == ["… accept = 4"]


def test_calls_of_two_processes_that_overlap_are_two_each() -> None:
    ladder = growing(PROGRAM, CHILD)
    calls = {1: call(0.01, "accept(3)", 0.03), 2: call(0.02, "read(4)", 0.04, actor=CHILD)}
    ladder.tell([], calls)
    assert texts(ladder.grow(0.05)) == [*("accept(3) …", "read(4) …", "… accept = 0", "… read = 0")]


def test_a_call_that_waits_long_is_drawn_before_it_returns() -> None:
    ladder = growing()
    ladder.tell([], {1: call(0.01, "accept(3)")})
    assert texts(ladder.grow(0.01 + 0.9 * PATIENCE)) == []
    assert texts(ladder.grow(0.01 + PATIENCE)) == ["accept(3) …"]
    ladder.tell([], {1: call(0.01, "accept(3)", 5.0, "= 4")})
    assert texts(ladder.grow(6.0)) == ["… accept = 4"]


def test_while_a_call_waits_its_lane_shows_it() -> None:
    ladder = growing()
    ladder.tell([step(0.02, "connects")], {1: call(0.01, "accept(3)")})
    assert [row.waiting for row in ladder.grow(1.0).rows] == [(), (0,)]
    ladder.tell([step(0.04, "sends")], {1: call(0.01, "accept(3)", 0.03)})
    assert [row.waiting for row in ladder.grow(1.0).rows] == [(), ()]


def test_what_is_not_yet_to_be_drawn_waits_for_its_time() -> None:
    ladder = growing()
    ladder.tell([step(0.03, "late"), step(0.01, "soon")], {1: call(0.02, "close(3)", 0.021)})
    assert texts(ladder.grow(0.01)) == ["soon"]
    assert texts(ladder.grow(0.02)) == []
    assert texts(ladder.grow(0.03)) == ["close(3) = 0", "late"]


def test_a_call_inside_another_of_the_same_thread_comes_after_its_beginning() -> None:
    """As waitpid does, in a handler that interrupts accept."""
    ladder = growing()
    calls = {1: call(0.01, "accept(3)"), 2: call(0.02, "waitpid(-1)", 0.03, "= 4")}
    ladder.tell([], calls)
    assert texts(ladder.grow(0.04)) == ["accept(3) …", "waitpid(-1) = 4"]


def test_a_call_from_which_nobody_returns_waits_for_nothing() -> None:
    ladder = growing()
    ladder.tell([step(0.02, "hears")], {1: Event(0.01, PROGRAM, "exit(0)", "call")})
    assert texts(ladder.grow(1.0)) == ["exit(0)", "hears"]
    assert texts(ladder.end(2.0)) == []


def test_the_end_says_which_calls_have_not_returned() -> None:
    ladder = growing(PROGRAM, CHILD, CLIENT)
    ladder.tell([step(0.02, "ends")], {1: call(0.01, "accept(3)")})
    ladder.tell([], {2: call(0.03, "read(4)", actor=CHILD)})
    assert texts(ladder.end(0.05)) == [
        *("accept(3) …", "ends", "… accept does not return", "read(4) … does not return")
    ]


def test_a_call_whose_return_is_lost_waits_no_more() -> None:
    ladder = growing()
    ladder.tell([], {1: call(0.01, "recv(4)"), 2: call(0.02, "poll()")})
    ladder.grow(0.115)
    for number in (1, 2, 3):
        ladder.lose(number)
    ladder.tell([step(1.0, "ends")], {})
    assert [(row.text, row.waiting) for row in ladder.end(2.0).rows if row.time] == [("ends", ())]


def test_told_at_once_it_is_the_ladder_of_a_check() -> None:
    steps = [step(0.02, "connects"), step(0.21, "sends 1 byte"), step(0.5, "ends")]
    calls = {
        1: call(0.01, "accept(3)", 0.021, "= 4"),
        2: call(0.03, "read(4)", 0.22, "= 1"),
        3: call(0.23, "write(4)", 0.24, "= 1"),
        4: call(0.25, "read(4)", 0.51, "= 0"),
        5: call(0.52, "close(4)", 0.53),
    }
    ladder = growing()
    ladder.tell(steps, calls)
    assert ladder.grow(math.inf) == arrange([*steps, *calls.values()])


@pytest.mark.parametrize("seed", range(20))
def test_whenever_it_is_looked_at_each_row_comes_once_and_in_order(seed: int) -> None:
    random = Random(seed)
    steps = [step(random.random(), f"says {n}") for n in range(10)]
    calls: dict[int, Event] = {}
    for actor in (PROGRAM, CHILD):
        at = 0.0
        while at < 1:
            until = at + random.choice([0.0, 0.01, 0.3]) * random.random()
            number = len(calls) + 1
            calls[number] = call(at, f"call{number}()", until, f"= {number}", actor)
            at = until + random.random() * 0.1
    ladder = growing()
    drawn: list[Row] = []
    known: set[int] = set()
    for now in (tick / 20 for tick in range(1, 40)):
        fresh = {n: _seen(one, now) for n, one in calls.items() if one.at <= now and n not in known}
        known |= {n for n, one in fresh.items() if one.until is not None}
        ladder.tell([one for one in steps if now - 1 / 20 < one.at <= now], fresh)
        drawn += ladder.grow(now - 1 / 20).rows
    drawn += ladder.end(3.0).rows
    times = [float(row.time.split()[0]) for row in drawn if row.time]
    assert times == sorted(times)
    told = [row.text for row in drawn]
    assert all(told.count(one.text) == 1 for one in steps)
    for number in calls:
        begun, whole = f"call{number}() …", f"call{number}() = {number}"
        returned = f"… call{number} = {number}"
        found = [text for text in told if text in (begun, whole, returned)]
        assert found in ([whole], [begun, returned])


def _seen(one: Event, now: float) -> Event:
    """What is known of a call at that time."""
    return (
        one
        if one.until is not None and one.until <= now
        else call(one.at, one.text, actor=one.actor)
    )


# Lanes


def test_a_child_gets_a_lane_when_it_appears() -> None:
    ladder = growing()
    ladder.tell([step(0.01, "connects")], {})
    assert ladder.grow(0.02).lanes == (PROGRAM, CLIENT)
    ladder.tell([], {1: call(0.03, "close(3)", 0.031, actor=CHILD)})
    picture = ladder.grow(0.04)
    assert picture.lanes == (PROGRAM, "child 1", CLIENT)
    assert [row.lane for row in picture.rows] == [1]
    assert heads(picture).plain.split("  ")[-1].strip() == CLIENT


def test_a_call_waits_on_in_a_lane_that_has_moved() -> None:
    ladder = growing(PROGRAM, "your program, child 2")
    waits = call(0.01, "read(4)", actor="your program, child 2")
    ladder.tell([step(0.02, "a", PROGRAM)], {1: waits})
    assert [row.waiting for row in ladder.grow(0.03).rows] == [(), (1,)]
    ladder.tell([step(0.04, "b", "your program, child 1")], {})
    picture = ladder.grow(0.05)
    assert picture.lanes[picture.rows[0].waiting[0]] == "child 2"


# Rows


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("actor", [PROGRAM, CHILD, CLIENT, "the lab"])
def test_what_is_too_long_goes_on_in_the_next_row(columns: int, actor: str) -> None:
    words = " ".join(f"word{n}" for n in range(60)) + "x" * 200
    ladder = growing(PROGRAM, CHILD, CLIENT, columns=columns)
    ladder.tell([step(0.01, words, actor)], {})
    picture = ladder.grow(1.0)
    assert all(len(line) <= columns for line in rows(picture))
    whole = "".join(row.text for row in picture.rows)
    assert whole.removeprefix("the lab ") == words
    assert [bool(row.time) for row in picture.rows] == [True] + [False] * (len(picture.rows) - 1)


def test_hours_have_room_too() -> None:
    ladder = growing()
    ladder.tell([step(99.0, "a"), step(100.0, "b"), step(86_400.0, "c")], {})
    lines = [line.plain for line in rows(ladder.grow(math.inf)) if "·" not in line.plain]
    assert [re.split(r"  +", line.strip())[0] for line in lines] == [
        *("99000.0 ms", "100.0 s", "86400.0 s")
    ]
    assert len({line.rindex(line[-1]) for line in lines}) == 1
