"""What the pages of a class count, cut and fold."""

from __future__ import annotations

import msgspec
import pytest

from checker.reports.pages import heat, picture, sources, statistics, times
from checker.reports.pages.messages import OTHER, normalised
from checker.reports.pages.visible import line, visible
from checker.tests.graded import book, grade, student, the_class
from checker.tests.made import made_failure
from checker.timeline import Event

SERVER = "10-tcp-server"
PROGRAM = "your program"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\ttext", "plain\n\ttext"),
        ("\x00\x1b[31m\r\x7f", "␀␛[31m␍␡"),
        ("a\u202eb\u2066c\u200fd", "a[U+202E]b[U+2066]c[U+200F]d"),
        ("\x9b31m\ufeff\u2028", "[U+009B]31m[U+FEFF][U+2028]"),
        ("\ud800\U000e0041", "[U+D800][U+E0041]"),
        ("Zoë 李 می\u200cخواهم 👩\u200d💻", "Zoë 李 می\u200cخواهم 👩\u200d💻"),
    ],
)
def test_what_would_act_or_hide_has_a_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_text_is_made_one_line_and_cut() -> None:
    assert line("a\nb\tc") == "a␊b c"
    assert line("x" * 1200, most=10) == "xxxxxxxxxx… (1,190 more characters)"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(59, "59 s"), (60, "1 min"), (7500, "2 h 5 min"), (86400, "1 day"), (180061, "2 days 2 h")],
)
def test_a_span_is_told_in_its_two_largest_units(seconds: int, told: str) -> None:
    assert times.span(seconds) == told


def test_a_moment_is_told_in_utc() -> None:
    assert times.moment("2026-03-02T01:30:10+02:00") == "2026-03-01 23:30 UTC"
    assert times.moment("2026-03-02T01:30:10") == "2026-03-02 01:30 UTC"
    assert times.moment("yesterday") == "yesterday"


def test_a_cell_is_read_without_its_colour() -> None:
    def cell(**fields: object) -> tuple[str, str]:
        made = heat.cell(grade(SERVER, "solution", **fields))
        return made.text, made.style

    assert cell() == ("✓ 100", "done")
    assert cell(points=99, outcome="not done") == ("99", "heat3")
    assert cell(points=50, outcome="not done") == ("50", "heat2")
    assert cell(points=0, outcome="not done", unstable=True) == ("0 ~", "heat0")
    assert cell(outcome="does not compile") == ("C", "broken")
    assert cell(outcome="missing") == ("–", "missing")
    assert cell(outcome="error", points=0) == ("E", "error")
    assert cell(max_points=0) == ("✓ 100", "done")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('it prints "a \\" b"… and ends', 'it prints "c" and ends'),
        ("connected to 127.0.0.1:4711", "connected to [fd25::1]:80"),
        ("asked xyz.lab.test for 1,400 bytes", "asked a-b.lab.test:53 for 23 bytes"),
        ("193 ms of it: it does not wait", "1,042.5 ms of it: it does not wait"),
        ("the same\nwith this", "the same\nwith that"),
    ],
)
def test_messages_that_differ_by_the_seed_are_equal(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("it exited with status 0", "it exited with status 99"),
        ("killed by signal 13 (SIGPIPE)", "killed by signal 11 (SIGSEGV)"),
        ("it has 1 of the 3", "it has 2 of the 3"),
    ],
)
def test_messages_that_say_different_things_are_not(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@pytest.mark.parametrize("message", ["77 bytes", '"abc"', "`x`", '128 bytes, "Qx"…'])
def test_a_message_of_bytes_alone_is_told_as_what_it_means(message: str) -> None:
    assert normalised(message) == OTHER


def test_a_hostile_message_takes_no_time() -> None:
    for text in ('"' * 10**6, "[" + ":" * 10**6, "a." * 10**6, "1," * 10**6, "`" * 10**6):
        assert len(normalised(text)) < 200


def test_the_checks_that_fail_most_come_first() -> None:
    counted = statistics.tasks(the_class())
    first, *others = statistics.struggles(counted)
    assert {one.check.id for one in (first, *others)} == {
        "listens", "echoes", "survives_unread_echo", "any_line", "ends"
    }  # fmt: skip
    by_id = {one.check.id: (one.failed, one.judged) for one in (first, *others)}
    assert by_id["listens"] == (1, 5)
    assert by_id["echoes"] == (1, 3)  # the error and the skipped one do not count
    shares = [one.share for one in (first, *others)]
    assert shares == sorted(shares, reverse=True)


def test_each_task_counts_all_its_students() -> None:
    counted = {one.task.task: one.outcomes for one in statistics.tasks(the_class())}
    assert counted[SERVER] == {"done": 2, "not done": 2, "error": 1, "missing": 2}
    assert counted["08-sigpipe"] == {
        "done": 2, "not done": 1, "does not compile": 1, "missing": 3
    }  # fmt: skip


def test_a_reason_is_counted_once_for_each_student() -> None:
    two = grade(SERVER, "skeleton")
    failing = [
        msgspec.structs.replace(check, outcome="failed", message=f'{number} times "{number}" came')
        for number, check in enumerate(two.checks[:3], start=10)
    ]
    some = [
        student(n, msgspec.structs.replace(two, checks=failing[:most]))
        for n, most in (("a", 3), ("b", 1))
    ]
    [message] = statistics.messages(book(*some))
    assert message.text == "N times “…” came"
    assert (len(message.students), message.times) == (2, 4)
    assert message.checks.most_common(1) == [((SERVER, failing[0].id), 2)]


def test_the_distribution_holds_each_student_with_points_once() -> None:
    some = [student(str(p), grade(SERVER, "solution", points=p)) for p in (0, 9, 10, 89, 90, 100)]
    unknown = student("e", grade(SERVER, "solution", outcome="error"))
    bins = statistics.distribution(book(*some, unknown))
    assert [(one.low, one.high) for one in bins][-2:] == [(80, 89), (90, 100)]
    assert [one.students for one in bins] == [2, 1, 0, 0, 0, 0, 0, 0, 1, 2]
    assert statistics.median(book(*some, unknown)) == 49
    assert statistics.median(book(unknown)) is None


def test_a_listing_knows_what_the_compiler_speaks_of() -> None:
    files = {"main.cpp": "a\r\nb\r\nc\r\n", "x.hpp": "one"}
    said = (
        "\x1b[1mwork/main.cpp:2:1: \x1b[31merror:\x1b[0m no\n   2 | b\nx.hpp:1: note\n"
        "main.cpp:9:1: beyond\n/usr/include/stdio.h:1:1: far"
    )
    made = sources.listing("t", files, said)
    assert [[one.text for one in file.lines] for file in made.files] == [["a", "b", "c"], ["one"]]
    assert [one.anchor for one in made.files[0].lines] == ["", "t-1-2", ""]
    assert [one.anchor for one in made.files[1].lines] == ["t-2-1"]
    assert [one.place for one in made.said] == ["t-1-2", "", "t-2-1", "", ""]
    assert made.said[0].text == "work/main.cpp:2:1: error: no"


def test_a_listing_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_LINES", 5)
    monkeypatch.setattr(sources, "MOST_SAID", 2)
    files = {"a.cpp": "x\n" * 4, "b.cpp": "y\n" * 4, "c.cpp": "z"}
    made = sources.listing("t", files, "b.cpp:3:1: cut away\n" * 5)
    assert [(len(file.lines), file.total) for file in made.files] == [(4, 4), (1, 4), (0, 1)]
    assert [one.place for one in made.said] == ["", ""]
    assert made.more == 3


def call(at: float, text: str) -> Event:
    return Event(at, PROGRAM, text, "call", at, "= 1")


def test_a_picture_tells_a_repeated_call_once() -> None:
    spinning = [call(0.001 * n, "poll()") for n in range(50)]
    check = made_failure(timeline=[call(0.0, "read()"), *spinning, call(0.09, "exit()")])
    drawn = picture.draw(check, "p")
    assert drawn.svg.count("poll()") == 1
    assert "· 49 times more ·" in drawn.svg
    assert drawn.caption == "What happened"


def test_a_long_picture_is_cut_around_the_step_that_failed() -> None:
    steps = [Event(0.001 * n, PROGRAM, f"step {n}") for n in range(200)]
    steps[100] = msgspec.structs.replace(steps[100], mark="failed")
    drawn = picture.draw(made_failure(timeline=[*steps, call(0.2, "exit()")]), "p")
    assert drawn.caption == "What happened (60 of 201 rows)"
    for shown, number in ((True, 61), (True, 100), (True, 120), (False, 60), (False, 121)):
        assert (f">step {number}<" in drawn.svg or f"✗ step {number}<" in drawn.svg) is shown


def test_without_a_call_there_is_no_picture() -> None:
    drawn = picture.draw(made_failure(timeline=[Event(0.0, PROGRAM, "starts")]), "p")
    assert (drawn.svg, drawn.caption) == ("", "")
