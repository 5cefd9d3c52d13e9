"""The calls of a program that runs, read while it makes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from checker.observer import CAPACITY, Record, Recording
from checker.program import Program
from checker.trace.reader import LATEST, Reader

PARENT, CHILD = 10, 11


def record(number: int, returned: bool = True, thread: int = PARENT, call: str = "read") -> Record:
    return Record(
        sequence=number,
        call=call,
        pid=thread,
        tid=thread,
        entered=number / 1e6,
        returned=number / 1e6 if returned else None,
        fd=4,
        size=1,
        result=1 if returned else None,
        error="",
        text="",
        payload=b"",
        blocked=not returned,
        injected=False,
        late=False,
        child=False,
    )


@dataclass
class Ring:
    """What the program has recorded, in place of the program."""

    records: dict[int, Record] = field(default_factory=dict)
    written: int = 0
    asked: list[int] = field(default_factory=list)

    def add(self, *records: Record) -> None:
        self.records |= {each.sequence: each for each in records}
        self.written = max(self.records)

    def recording(self, last: int) -> Recording:
        self.asked.append(last)
        oldest = self.written - min(last, CAPACITY)
        kept = [each for number, each in sorted(self.records.items()) if number > oldest]
        return Recording(
            kept, seen=True, written=self.written, wrapped=False, lost=0, refused="", counts=[]
        )


def reader(ring: Ring) -> Reader:
    return Reader(cast(Program, ring), start=0.0)


def test_a_call_is_read_when_it_is_new_and_again_when_it_has_returned() -> None:
    ring = Ring()
    reads = reader(ring)
    assert reads.read().calls == {}
    ring.add(record(1), record(2, returned=False))
    assert list(reads.read().calls) == [1, 2]
    assert list(reads.read().calls) == []
    ring.add(record(2))
    (event,) = reads.read().calls.values()
    assert (event.until, event.mark) == (2 / 1e6, "")
    assert list(reads.read().calls) == []


def test_a_call_that_was_being_recorded_is_read_the_next_time() -> None:
    ring = Ring()
    reads = reader(ring)
    ring.add(record(1), record(3))
    assert list(reads.read().calls) == [1, 3]
    ring.add(record(2))
    assert list(reads.read().calls) == [2]


def test_every_process_keeps_its_lane() -> None:
    ring = Ring()
    reads = reader(ring)
    ring.add(record(1, call="hello"))
    assert reads.read().calls == {}
    ring.add(record(2, thread=CHILD))
    ring.records.pop(1)
    ring.add(record(3, thread=12), record(4))
    assert [event.actor for event in reads.read().calls.values()] == [
        *("your program, child 1", "your program, child 2", "your program")
    ]


def test_calls_that_were_overwritten_are_counted() -> None:
    ring = Ring()
    reads = reader(ring)
    ring.add(record(1))
    reads.read()
    ring.add(*(record(number) for number in range(2, LATEST + 12)))
    news = reads.read()
    assert (len(news.calls), news.missed) == (LATEST, 10)
    assert reads.read().missed == 0


def test_a_call_from_long_ago_is_still_looked_for() -> None:
    ring = Ring()
    reads = reader(ring)
    ring.add(record(1, returned=False))
    reads.read()
    ring.add(*(record(number, thread=CHILD) for number in range(2, LATEST + 2)))
    reads.read()
    ring.add(record(1))
    assert list(reads.read().calls) == [1]
    assert ring.asked == [LATEST, LATEST, CAPACITY]
    reads.read()
    assert ring.asked[-1] == LATEST


def test_a_return_that_was_overwritten_is_lost() -> None:
    ring = Ring()
    reads = reader(ring)
    ring.add(record(1, returned=False), record(2, returned=False, thread=CHILD))
    reads.read()
    ring.add(*(record(number) for number in range(CAPACITY + 3, CAPACITY + 6)))
    assert reads.read().lost == [1]  # its thread has gone on; the child's may wait still
    assert reads.read().lost == []
