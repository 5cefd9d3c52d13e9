"""The picture of a timeline: where everything stands, and how the terminal shows it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from checker.ladder.layout import Picture, arrange
from checker.ladder.text import draw
from checker.timeline import Event, Mark

PROGRAM = "your program"
CHILD = "your program, child 1"
CLIENT = "client 1"
ACTORS = [PROGRAM, CHILD, "your program, child 2", CLIENT, "the second client", "a neighbour"]
SOON = 0.001


def step(actor: str, text: str, at: float = 0.0, mark: Mark = "") -> Event:
    return Event(at, actor, text, mark=mark)


def call(text: str, answer: str, at: float = 0.0, until: float | None = None, **more: Any) -> Event:
    """One of the program's that returned at once, unless `until` says when."""
    end = at if until is None else until
    return Event(at, more.pop("actor", PROGRAM), text, "call", end, answer, **more)


def blocked(text: str, at: float = 0.0, actor: str = PROGRAM) -> Event:
    return Event(at, actor, text, kind="call", mark="blocked")


def rows(picture: Picture) -> list[tuple[int, str]]:
    """Each row's lane and text."""
    return [(row.lane, row.text) for row in picture.rows]


def lines(*events: Event, columns: int = 80, last: int | None = None) -> list[str]:
    return draw(arrange(list(events), columns, last)).plain.split("\n")


# Lanes


def test_the_program_comes_first_and_the_peers_as_they_appear() -> None:
    events = [step("client 2", "a"), step(CLIENT, "b"), step(PROGRAM, "c")]
    assert arrange(events).lanes == (PROGRAM, "client 2", CLIENT)


def test_its_children_come_next_by_their_number() -> None:
    events = [step(CLIENT, "a"), call("read(4)", "= 1", actor=CHILD), step(PROGRAM, "b")]
    assert arrange(events).lanes == (PROGRAM, "child 1", CLIENT)


@pytest.mark.parametrize("who", ["the lab", "the network", "nobody"])
def test_who_is_behind_the_stage_has_no_lane(who: str) -> None:
    picture = arrange([step(who, "does it"), step(CLIENT, "sees it")])
    assert picture.lanes == (CLIENT,)
    assert rows(picture) == [(0, f"{who} does it"), (0, "sees it")]


def test_too_many_actors_share_the_last_lane_with_their_names() -> None:
    clients = [step(f"client {number}", "connects") for number in range(1, 9)]
    picture = arrange([step(PROGRAM, "listens"), *clients], columns=120)
    assert picture.lanes == (PROGRAM, "client 1", "client 2", "client 3", "others")
    assert rows(picture)[3:5] == [(3, "connects"), (4, "client 4 connects")]


def test_a_child_that_shares_a_lane_is_named_without_its_parent() -> None:
    children = [call("read(4)", "= 1", actor=f"{PROGRAM}, child {n}") for n in range(1, 8)]
    assert rows(arrange(children))[-1] == (4, "child 7 read(4) = 1")


def test_nothing_happened() -> None:
    assert arrange([]) == Picture((), arrange([]).column, ())
    assert lines() == [""]


# Calls


def test_a_call_that_returned_before_anything_else_happened_is_one_row() -> None:
    events = [call("read(4, 128)", '= 5 "Hello"', 0.0, SOON), step(CLIENT, "sends", 2 * SOON)]
    assert rows(arrange(events))[0] == (0, 'read(4, 128) = 5 "Hello"')


def test_a_call_during_which_a_peer_acted_stands_where_it_began_and_where_it_returned() -> None:
    events = [
        call("accept(3)", "= 4", 0.0, 2 * SOON),
        step(CLIENT, "connects", SOON),
        step(CLIENT, "sends", 3 * SOON),
    ]
    picture = arrange(events)
    assert rows(picture) == [(0, "accept(3) …"), (1, "connects"), (0, "… accept = 4"), (1, "sends")]
    assert [row.waiting for row in picture.rows] == [(), (0,), (), ()]


def test_a_step_of_the_programs_own_does_not_divide_its_call() -> None:
    events = [call("accept(3)", "= 4", 0.0, 2 * SOON), step(PROGRAM, "listens", SOON)]
    assert rows(arrange(events)) == [(0, "accept(3) = 4"), (0, "listens")]


def test_a_call_that_never_returned_waits_from_there_on() -> None:
    events = [
        step(CLIENT, "connects"),
        blocked("read(4, 128)", SOON),
        step(CLIENT, "sends", 2 * SOON),
        step(CLIENT, "waits", 3 * SOON),
    ]
    picture = arrange(events)
    assert rows(picture)[1] == (0, "read(4, 128) … does not return")
    assert [row.waiting for row in picture.rows] == [(), (), (0,), (0,)]


def test_a_parent_and_its_child_may_wait_at_a_time() -> None:
    events = [
        blocked("accept(3)"),
        blocked("read(4, 128)", SOON, CHILD),
        step(CLIENT, "waits", 2 * SOON),
    ]
    assert arrange(events).rows[-1].waiting == (0, 1)


def test_what_is_written_over_a_waiting_lane_hides_it() -> None:
    short, long = "listens", "x" * 60
    events = [blocked("read(4)", actor=CHILD), step(PROGRAM, short, SOON)]
    assert arrange(events).rows[-1].waiting == (1,)
    assert arrange([events[0], step(PROGRAM, long, SOON)]).rows[-1].waiting == ()


def test_a_call_that_is_not_meant_to_return_does_not_wait() -> None:
    leaves = Event(0.0, PROGRAM, "_exit(3)", kind="call")
    picture = arrange([leaves, step(CLIENT, "waits", SOON)])
    assert rows(picture)[0] == (0, "_exit(3)")
    assert picture.rows[1].waiting == ()


@pytest.mark.parametrize(
    ("event", "style"),
    [
        (step(CLIENT, "sends"), "step"),
        (step(CLIENT, "waits", mark="failed"), "failed"),
        (step("the lab", "starts it"), "lab"),
        (call("read(4)", "= 1"), "call"),
        (call("read(4)", "= EINTR", mark="injected"), "fault"),
        (blocked("read(4)"), "wait"),
    ],
)
def test_each_kind_has_its_style(event: Event, style: str) -> None:
    [row] = arrange([event]).rows
    assert row.style == style


def test_what_failed_and_what_the_lab_made_fail_are_marked_without_colour_too() -> None:
    failed, injected = step(CLIENT, "waits", SOON, "failed"), call("read(4)", "= EINTR")
    told = lines(msgspec.structs.replace(injected, mark="injected"), failed)
    assert told[1].endswith("ms ! read(4) = EINTR")
    assert told[2].endswith("✗ waits")


# Time


def test_each_row_tells_its_time() -> None:
    assert [row.time for row in arrange([step(CLIENT, "sends", 1.23456)]).rows] == ["1234.6 ms"]


def test_a_pause_is_told() -> None:
    picture = arrange([step(CLIENT, "sends", 1.0), step(CLIENT, "waits", 1.25)])
    assert [(row.time, row.text, row.style) for row in picture.rows][1] == ("", "· 250 ms ·", "gap")


def test_a_short_pause_and_the_time_before_the_first_event_are_not() -> None:
    picture = arrange([step(CLIENT, "sends", 5.0), step(CLIENT, "waits", 5.09)])
    assert [row.style for row in picture.rows] == ["step", "step"]


# What is cut


def test_the_name_of_a_narrow_lane_is_cut() -> None:
    lanes = arrange([step(actor, "waits") for actor in ACTORS[:5]]).lanes
    assert lanes == ("your pro…", "child 1", "child 2", "client 1", "the seco…")


def test_of_a_long_timeline_the_last_rows_can_be_shown() -> None:
    events = [step(f"client {n}", f"word {n}", n * SOON) for n in range(10)]
    picture = arrange(events, last=3)
    assert picture.lanes == ("client 7", "client 8", "client 9")
    assert [row.text for row in picture.rows] == ["word 7", "word 8", "word 9"]


def test_a_text_that_is_too_long_is_cut() -> None:
    [row] = arrange([step(CLIENT, "x" * 100)], columns=80).rows
    assert row.text == "x" * 68 + "…"


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("actors", range(1, len(ACTORS) + 1))
def test_however_many_take_part_no_line_is_too_long_and_none_ends_in_blanks(
    actors: int, columns: int
) -> None:
    events: list[Event] = []
    for number in range(40):
        at, actor = number * 0.07, ACTORS[number % actors]
        events += [
            step(actor, " ".join(["word"] * (number % 30 + 1)), at),
            call("read(4)", "= 5" + "x" * number, at + SOON, at + 0.1, actor=actor),
            blocked("recv(4, " + "9" * number + ")", at + SOON, actor),
            step("the lab", "z" * (3 * number + 1), at),
        ]
    drawn = lines(*events, columns=columns)
    assert all(len(line) <= columns for line in drawn)
    assert max(len(line) for line in drawn) > columns - 20
    assert [line for line in drawn if line != line.rstrip()] == []


# In the terminal


def test_the_terminal_shows_it() -> None:
    drawn = lines(
        step("the lab", "starts ./program 80", 0.0026),
        call("accept(3)", "= 4", 0.0104, 0.0122),
        step(CLIENT, "connects to port 80", 0.0112),
        blocked("read(4, 128)", 0.0124),
        step(CLIENT, "waits for 1 byte", 0.2, mark="failed"),
    )
    assert drawn == [
        "           your program      client 1",
        "    2.6 ms the lab starts ./program 80",
        "   10.4 ms accept(3) …",
        "   11.2 ms │                 connects to port 80",
        "   12.2 ms … accept = 4",
        "   12.4 ms read(4, 128) … does not return",
        "           · 188 ms ·",
        "  200.0 ms │                 ✗ waits for 1 byte",
    ]
