"""A program may write whatever it likes into its ring; the reader takes it and never raises."""

from __future__ import annotations

import random
from pathlib import Path
from xml.etree import ElementTree

from checker.calls import events
from checker.ladder import layout, svg, text
from checker.observer import CALLS, PAYLOAD, Recording, Ring
from checker.tests.observed import observed, ring_file
from checker.timeline import Timeline

SEED = 58001
MUTATIONS = 10_000
CAPACITY = 4


def is_bounded(recording: Recording) -> bool:
    return len(recording.records) <= CAPACITY and all(
        record.call in CALLS
        and record.sequence > 0
        and record.pid >= 0
        and record.fd >= -1
        and len(record.payload) <= PAYLOAD
        and len(record.text) <= 4 * 128
        and record.text.isascii()
        and (record.text.isprintable() or not record.text)
        and 0 <= record.entered < 1e8
        for record in recording.records
    )


def test_random_mutations_of_a_true_ring_are_read_without_harm(tmp_path: Path) -> None:
    body = 'int e[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, e); write(e[0], "hello", 5); close(e[0]);'
    observed(tmp_path, body, capacity=CAPACITY)
    truth = (tmp_path / "ring").read_bytes()
    chance = random.Random(SEED)
    with (
        (tmp_path / "ring").open("r+b", buffering=0) as file,
        Ring(tmp_path / "ring", CAPACITY) as ring,
    ):
        for _ in range(MUTATIONS):
            raw = bytearray(truth)
            for _ in range(chance.choice((1, 3, 30, 300))):
                raw[chance.randrange(len(raw))] = chance.choice(
                    (0, 1, 127, 255, chance.getrandbits(8))
                )
            file.seek(0)
            file.write(raw)
            assert is_bounded(ring.read())


def test_whatever_is_in_a_ring_can_be_drawn(tmp_path: Path) -> None:
    body = 'int e[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, e); write(e[0], "hello", 5); close(e[0]);'
    observed(tmp_path, body, capacity=CAPACITY)
    truth = (tmp_path / "ring").read_bytes()
    chance = random.Random(SEED)
    drawn = 0
    with Ring(tmp_path / "ring", CAPACITY) as ring:
        for _ in range(1000):
            raw = bytearray(truth)
            for _ in range(30):
                raw[chance.randrange(4096, len(raw))] = chance.getrandbits(8)
            (tmp_path / "ring").write_bytes(raw)
            timeline = Timeline()
            timeline.step("the lab", "starts ./program")
            timeline.merge(events(ring.read(), timeline.start, "your program"))
            picture = layout.arrange(timeline.events)
            text.draw(picture)
            ElementTree.fromstring(svg.draw(picture, ""))
            drawn += len(timeline.events) > 1
    assert drawn > 500


def test_nothing_but_noise(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    path = ring_file(tmp_path, capacity=CAPACITY)
    size = path.stat().st_size
    with Ring(path, CAPACITY) as ring:
        for _ in range(200):
            path.write_bytes(chance.randbytes(size))
            assert is_bounded(ring.read())
            assert is_bounded(ring.read(last=2))


def test_a_ring_that_was_cut_short_or_emptied(tmp_path: Path) -> None:
    body = 'int e[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, e); write(e[0], "hello", 5); close(e[0]);'
    observed(tmp_path, body, capacity=CAPACITY)
    path = tmp_path / "ring"
    with Ring(path, CAPACITY) as ring:
        for size in (path.stat().st_size - 300, 4096, 60, 0):
            with path.open("r+b") as file:
                file.truncate(size)
            assert is_bounded(ring.read())


def test_a_fresh_ring_has_seen_nobody(tmp_path: Path) -> None:
    with Ring(ring_file(tmp_path, capacity=CAPACITY), CAPACITY) as ring:
        assert ring.read() == Recording.nothing()


def test_sizes_in_the_header_are_not_believed(tmp_path: Path) -> None:
    path = ring_file(tmp_path, capacity=CAPACITY)
    with Ring(path, CAPACITY) as ring:
        with path.open("r+b") as file:
            file.write(b"\xff" * 4096)
        recording = ring.read()
    assert recording.records == [] and recording.seen and recording.wrapped


def test_text_is_made_printable(tmp_path: Path) -> None:
    body = 'addrinfo* l; getaddrinfo("a\\033[31m\\n\\377", nullptr, nullptr, &l);'
    recording, _, _ = observed(tmp_path, body)
    assert recording.calls("getaddrinfo")[0].text.startswith("a\\x1b[31m\\x0a\\xff (null)")
