"""scripts/test-fresh: when it refuses, and what it takes from the machine. (It itself is run by
`make test-fresh`.)"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from checker.sandbox import ROOT


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a machine that has apt and debootstrap, and no settings."""
    loader = SourceFileLoader("test_fresh_script", str(ROOT / "scripts" / "test-fresh"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    script = module_from_spec(spec)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    loader.exec_module(script)
    monkeypatch.setattr(script, "APT", tmp_path / "apt")
    monkeypatch.setattr(script, "FRESH", tmp_path / "fresh")
    monkeypatch.setattr(script, "LOG", tmp_path / "fresh" / "log")
    monkeypatch.setattr(script.os, "geteuid", lambda: 0)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    for name in ("debootstrap", "apt-get", "apt-config"):
        says(tmp_path, name, "")
    return script


def says(folder: Path, command: str, text: str) -> None:
    """On this machine, the command only prints this."""
    file = folder / "bin" / command
    file.write_text(f"#!/bin/sh\nprintf '%s' '{text}'\n")
    file.chmod(0o755)


def refusal(fresh: ModuleType, capsys: pytest.CaptureFixture[str]) -> str:
    assert fresh.main([]) == 1
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


def test_it_refuses_whoever_is_not_root(
    fresh: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fresh.os, "geteuid", lambda: 1000)
    assert refusal(fresh, capsys).startswith("test-fresh: needs root")
    assert not fresh.FRESH.exists()


def test_it_refuses_a_machine_without_debootstrap(
    fresh: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bin" / "debootstrap").unlink()
    assert refusal(fresh, capsys).startswith("test-fresh: needs debootstrap")


def test_the_mirror_is_that_of_the_suite_itself(fresh: ModuleType, tmp_path: Path) -> None:
    listed = (
        "bookworm-updates main http://mirror.test/updates/\n"
        "bookworm contrib http://mirror.test/contrib/\n"
        "bookworm main http://mirror.test/debian/\n"
    )
    says(tmp_path, "apt-get", listed)
    assert fresh.apt_mirror() == "http://mirror.test/debian"


def test_a_machine_with_another_suite_is_refused(fresh: ModuleType, tmp_path: Path) -> None:
    says(tmp_path, "apt-get", "noble main http://mirror.test/ubuntu/\n")
    with pytest.raises(fresh.Failed, match="no source for bookworm"):
        fresh.apt_mirror()


@pytest.mark.parametrize(
    ("name", "entries"),
    [
        (
            "debian.sources",
            "Types: deb\nURIs: http://other.test/x\nSuites: bookworm\nSigned-By: /other.gpg\n\n"
            "Types: deb\nURIs: http://mirror.test/debian\nSuites: bookworm\nSigned-By: /own.gpg\n",
        ),
        (
            "debian.list",
            "deb [signed-by=/other.gpg] http://other.test/x bookworm main\n"
            "deb [arch=amd64 signed-by=/own.gpg] http://mirror.test/debian bookworm main\n",
        ),
    ],
)
def test_the_keyring_is_that_of_the_mirror(fresh: ModuleType, name: str, entries: str) -> None:
    lists = fresh.APT / "sources.list.d"
    lists.mkdir(parents=True)
    (lists / name).write_text(entries)
    assert fresh.apt_keyring("http://mirror.test/debian") == ["--keyring=/own.gpg"]


def test_a_mirror_without_a_keyring_of_its_own_needs_none(fresh: ModuleType) -> None:
    fresh.APT.mkdir()
    (fresh.APT / "sources.list").write_text("deb http://mirror.test/debian bookworm main\n")
    assert fresh.apt_keyring("http://mirror.test/debian") == []


def test_a_proxy_of_apt_is_debootstraps_too(fresh: ModuleType, tmp_path: Path) -> None:
    says(tmp_path, "apt-config", 'Acquire::http::Proxy "http://proxy.test:3142";\n')
    assert fresh.apt_proxy() == ["env", "http_proxy=http://proxy.test:3142"]


def test_a_link_in_the_new_debian_never_leads_to_the_machines_own_file(
    fresh: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "resolv.conf"
    own.write_text("nameserver 192.0.2.1\n")
    root = tmp_path / "root"
    linked = root / str(own).lstrip("/")
    linked.parent.mkdir(parents=True)
    victim = tmp_path / "victim"
    victim.write_text("untouched\n")
    linked.symlink_to(victim)
    (root / "etc/apt/apt.conf.d").mkdir(parents=True)
    monkeypatch.setattr(fresh, "FILES", [str(own)])
    monkeypatch.setattr(fresh, "CERTIFICATES", tmp_path / "none")
    fresh.carry_settings(root)
    assert linked.read_text() == "nameserver 192.0.2.1\n"
    assert victim.read_text() == "untouched\n"


def test_a_command_that_fails_is_named_with_its_last_lines(
    fresh: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh.FRESH.mkdir()
    monkeypatch.setattr(fresh, "APART", [])
    with pytest.raises(fresh.Failed, match="“the try” failed with status 7"):
        fresh.run("the try", ["/bin/sh", "-c", "echo so far; exit 7"])
    assert "    so far" in capsys.readouterr().out


def test_what_a_killed_run_left_is_removed_and_nothing_of_ours_stays(fresh: ModuleType) -> None:
    left = fresh.FRESH / "student"
    (left / "etc").mkdir(parents=True)
    with fresh.passing("student") as folder:
        assert not folder.exists()
        folder.mkdir()
    assert not left.exists()
