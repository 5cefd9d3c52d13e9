"""`lab doctor`: what is missing, and the command that mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.reports import health
from checker.reports.console import console


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has everything: `bin` its programs, the rest its kernel's switches."""
    (tmp_path / "bin").mkdir()
    for tool in health.TOOLS:
        program = tmp_path / "bin" / tool
        program.touch(mode=0o755)
    for name in ("APPARMOR", "CLONE", "MAXIMUM"):
        monkeypatch.setattr(health, name, tmp_path / name)
    (tmp_path / "launch").touch()
    monkeypatch.setattr(health, "LAUNCH", tmp_path / "launch")
    monkeypatch.setattr(health, "why_no_arena", lambda: "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def examine(capsys: pytest.CaptureFixture[str]) -> tuple[str, bool]:
    report, healthy = health.examine()
    console().print(report)
    shown = capsys.readouterr().out
    assert all(len(line) <= 80 for line in shown.splitlines())
    return shown, healthy


@pytest.mark.parametrize(
    ("tool", "package"),
    [("g++", "g++"), ("cmake", "cmake"), ("ninja", "ninja-build"), ("bwrap", "bubblewrap")],
)
def test_a_missing_tool_comes_with_the_command_that_installs_it(
    machine: Path, capsys: pytest.CaptureFixture[str], tool: str, package: str
) -> None:
    (machine / "bin" / tool).unlink()
    shown, healthy = examine(capsys)
    assert not healthy
    assert f"✗ {tool}" in shown
    assert f"apt-get install {package} " in shown


def test_native_parts_that_are_not_built_are_told(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (machine / "launch").unlink()
    shown, healthy = examine(capsys)
    assert not healthy and "not built" in shown and "scripts/setup" in shown


@pytest.mark.parametrize(
    ("switch", "value", "command"),
    [
        ("APPARMOR", "1", "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"),
        ("CLONE", "0", "sysctl -w kernel.unprivileged_userns_clone=1"),
        ("MAXIMUM", "0", "sysctl -w user.max_user_namespaces=10000"),
        ("MAXIMUM", "5", "forbidden here, as in many containers"),
    ],
)
def test_where_the_arena_is_forbidden_the_switch_is_named(
    machine: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    switch: str,
    value: str,
    command: str,
) -> None:
    monkeypatch.setattr(health, "why_no_arena", lambda: "unshare: Operation not permitted")
    (machine / switch).write_text(f"{value}\n")
    shown, healthy = examine(capsys)
    assert not healthy
    assert "unshare: Operation not permitted" in shown
    assert command in shown
