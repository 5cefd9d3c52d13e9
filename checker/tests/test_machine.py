from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker import machine
from checker.arena import Arena
from checker.machine import why_no_arena, why_no_process_limit
from checker.tests.inside import in_arena


def test_a_machine_whose_native_parts_are_not_built_is_told_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "LAUNCH", tmp_path / "launch")
    assert why_no_arena() == "the native parts are not built: run `scripts/setup`"


@pytest.mark.usefixtures("private_arena")
def test_a_machine_that_allows_it_has_nothing_to_say() -> None:
    assert why_no_arena() == ""


@pytest.mark.usefixtures("private_arena")
def test_a_machine_without_bubblewrap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert why_no_arena() == "bubblewrap: No such file or directory"


@pytest.mark.usefixtures("private_arena")
def test_a_machine_whose_bubblewrap_fails_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    fails = ["/bin/sh", "-c", "echo 'setting up uid map: Permission denied' >&2; exit 1"]
    monkeypatch.setattr(machine, "bwrap", lambda *_, **__: fails)
    assert why_no_arena() == "bubblewrap: setting up uid map: Permission denied"


@pytest.mark.usefixtures("private_arena")
def test_a_machine_that_forbids_user_namespaces_is_told() -> None:
    def work(_: Arena) -> str:
        Path("/proc/sys/user/max_user_namespaces").write_text("0")
        return why_no_arena()

    assert in_arena(work) == "unshare: No space left on device"


@pytest.mark.usefixtures("private_arena")
def test_a_limit_on_processes_holds_here() -> None:
    assert why_no_process_limit() == ""


@pytest.mark.usefixtures("private_arena")
@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is nowhere exempt")
def test_where_root_has_no_other_user_to_give_it_is_told_that_no_limit_holds() -> None:
    """An arena in an arena knows nobody but root."""
    told = in_arena(lambda _: why_no_process_limit())
    assert told == "root is exempt, and there is no other user"
