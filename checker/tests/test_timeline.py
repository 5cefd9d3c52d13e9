from __future__ import annotations

from checker.timeline import Timeline


def test_events_keep_their_order_and_time_never_runs_back() -> None:
    timeline = Timeline()
    timeline.step("client 1", "sends 1 byte")
    timeline.step("your program", "still runs")
    assert timeline.sentences() == ["client 1 sends 1 byte", "your program still runs"]
    times = [event.at for event in timeline.events]
    assert 0 <= times[0] <= times[1]


def test_a_new_timeline_is_empty() -> None:
    assert Timeline().events == []
