from __future__ import annotations

from checker.timeline import Event, Timeline


def test_events_keep_their_order_and_time_never_runs_back() -> None:
    timeline = Timeline()
    timeline.step("client 1", "sends 1 byte")
    timeline.step("your program", "still runs")
    assert timeline.sentences() == ["client 1 sends 1 byte", "your program still runs"]
    times = [event.at for event in timeline.events]
    assert 0 <= times[0] <= times[1]


def test_a_new_timeline_is_empty() -> None:
    assert Timeline().events == []


def test_what_the_observer_saw_stands_between_the_steps_and_is_none() -> None:
    timeline = Timeline()
    timeline.step("the lab", "starts ./program")
    timeline.step("your program", "exits")
    between = (timeline.events[0].at + timeline.events[1].at) / 2
    timeline.merge([Event(at=between, actor="your program", text="socket()", kind="call")])
    assert [event.text for event in timeline.events] == ["starts ./program", "socket()", "exits"]
    assert timeline.sentences() == ["the lab starts ./program", "your program exits"]


def test_the_last_step_is_the_one_that_failed() -> None:
    timeline = Timeline()
    timeline.step("client 1", "sends 1 byte")
    timeline.step("client 1", "waits for 1 byte")
    timeline.merge([Event(at=1e9, actor="your program", text="read()", kind="call")])
    timeline.fail()
    assert [event.mark for event in timeline.events] == ["", "failed", ""]


def test_nothing_fails_where_nothing_was_tried() -> None:
    timeline = Timeline()
    timeline.fail()
    assert timeline.events == []
