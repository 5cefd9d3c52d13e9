from __future__ import annotations

import os
import time

import pytest

from checker import clock
from checker.clock import STRETCH, Deadline


class Machine:
    """A machine whose time we make pass. `starved`: seconds each process has waited for a cpu."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        self.starved: dict[int | str, float] = {}
        monkeypatch.setattr(time, "monotonic", lambda: self.now)
        monkeypatch.setattr(clock, "_waited_for_a_cpu", lambda pid: self.starved.get(pid, 0.0))


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


def test_on_an_idle_machine_a_deadline_passes_when_its_seconds_have(machine: Machine) -> None:
    deadline = Deadline(3.0)
    machine.now += 2.0
    assert deadline.left() == pytest.approx(1.0)
    machine.now += 1.5
    assert deadline.left() == pytest.approx(-0.5)


def test_the_time_in_which_we_got_no_processor_does_not_count(machine: Machine) -> None:
    deadline = Deadline(1.0)
    machine.now += 1.5
    machine.starved["thread-self"] = 1.0
    assert deadline.left() == pytest.approx(0.5)


def test_the_time_in_which_a_witness_got_no_processor_does_not_count(machine: Machine) -> None:
    machine.starved[7] = 100.0  # before the deadline began
    deadline = Deadline(1.0, witnesses=[7])
    machine.now += 1.5
    machine.starved[7] += 1.0
    assert deadline.left() == pytest.approx(0.5)


def test_the_time_in_which_the_whole_machine_stood_still_does_not_count(machine: Machine) -> None:
    deadline = Deadline(1.0)
    machine.now += 1.5
    deadline.overslept(1.0)
    assert deadline.left() == pytest.approx(0.5)


def test_to_wake_a_little_late_is_usual(machine: Machine) -> None:
    deadline = Deadline(1.0)
    for _ in range(100):
        machine.now += 0.01
        deadline.overslept(0.001)
    assert deadline.left() == pytest.approx(0.0)


def test_who_is_no_witness_stretches_nothing(machine: Machine) -> None:
    deadline = Deadline(1.0)
    machine.now += 1.5
    machine.starved[7] = 1.0
    assert deadline.left() == pytest.approx(-0.5)


def test_processes_that_starve_each_other_cannot_stretch_a_deadline_without_end(
    machine: Machine,
) -> None:
    deadline = Deadline(1.0, witnesses=range(1, 250))
    machine.now += STRETCH + 1
    machine.starved = dict.fromkeys(range(1, 250), STRETCH)
    assert deadline.left() < 0


def test_a_witness_that_has_gone_is_no_trouble() -> None:
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)
    assert Deadline(60.0, witnesses=[pid]).left() > 0
