"""`./lab` and scripts/setup in a fresh clone, on machines that lack one thing or another. Nothing
is downloaded: what setup calls is played by small scripts that write down how they were called."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from checker.sandbox import ROOT
from checker.tests.command import Ended, lab

USUAL = [
    *("sh", "env", "dirname", "readlink", "find", "cmp"),
    *("cp", "mkdir", "touch", "rm", "cat", "flock"),
]
PYTHON = """
case "$*" in
  "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
  *version_info*) exit ${OLD:-0} ;;
  --version) echo Python 3.9.2 ;;
  "-m pip"*) exit ${NO_NETWORK:-0} ;;
  "-c import pip") [ ! -e .venv/half ] ;;
  "-m checker"*) echo "checker: $*" ;;
esac
"""
CMAKE = """
case "$*" in
  --build*)
    [ -z "${BROKEN:-}" ] || { echo "launch.cpp:1: error: no"; exit 1; }
    mkdir -p build/native; cp "$0" build/native/launch; cp "$0" build/native/libobserver.so ;;
esac
"""


class Machine:
    """A computer with a fresh clone. Its user is root or not; its programs are in `bin`."""

    def __init__(self, folder: Path, user: int = 0) -> None:
        self.clone, self.bin, self.log = folder / "clone", folder / "bin", folder / "log"
        self.bin.mkdir()
        self.log.touch()
        for tool in [*USUAL, "tr", "sed"]:
            (self.bin / tool).symlink_to(shutil.which(tool) or "")
        for tool in ("g++", "make", "ninja", "bwrap", "apt-get"):
            self.has(tool)
        self.has("python3", PYTHON)
        self.has("cmake", CMAKE)
        self.has("id", f"echo {user}")
        for name in ("lab", "scripts/setup", "requirements.txt", "checker/native/CMakeLists.txt"):
            (self.clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.clone / name)

    def has(self, tool: str, script: str = "") -> None:
        file = self.bin / tool
        file.write_text(f'#!/bin/sh\necho "{tool} $*" >>"{self.log}"\n{script}\n')
        file.chmod(0o755)

    def lacks(self, *tools: str) -> None:
        for tool in tools:
            (self.bin / tool).unlink()

    def lab(self, *arguments: str, **variables: str) -> Ended:
        return self.runs("lab", *arguments, **variables)

    def setup(self, *arguments: str, **variables: str) -> Ended:
        return self.runs("scripts/setup", *arguments, **variables)

    def runs(self, name: str, *arguments: str, **variables: str) -> Ended:
        env = ("env", *(f"{key}={value}" for key, value in variables.items()))
        program = self.clone / name
        return lab(*arguments, at=self.clone, program=program, through=env, PATH=str(self.bin))

    def called(self, tool: str) -> list[str]:
        """How that was called, each time."""
        lines = self.log.read_text().splitlines()
        return [line.removeprefix(f"{tool} ") for line in lines if line.startswith(f"{tool} ")]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_the_first_start_sets_up_and_tells_what_it_does(machine: Machine) -> None:
    first = machine.lab("list")
    assert first.err.splitlines() == [
        "▸ A Python environment in .venv",
        "▸ Python packages of requirements.txt, each checked against its hash",
        "▸ Native parts in build/",
        "▸ Ready.",
    ]
    assert (first.status, first.out) == (0, "checker: -m checker list\n")


def test_the_second_start_sets_nothing_up(machine: Machine) -> None:
    machine.lab()
    second = machine.lab("check", "10")
    assert (second.err, second.out) == ("", "checker: -m checker check 10\n")


def test_packages_are_installed_by_hash(machine: Machine) -> None:
    machine.lab()
    (call,) = [words for words in machine.called("python3") if words.startswith("-m pip")]
    assert "--require-hashes -r requirements.txt" in call


@pytest.mark.parametrize("part", [".venv/bin/python", "build/native/launch"])
def test_what_has_been_removed_is_made_again(machine: Machine, part: str) -> None:
    machine.lab()
    (machine.clone / part).unlink()
    assert "▸ Ready." in machine.lab().err
    assert (machine.clone / part).exists()


@pytest.mark.parametrize("name", ["requirements.txt", "scripts/setup", "checker/native/new.hpp"])
def test_what_has_changed_is_set_up_again(machine: Machine, name: str) -> None:
    machine.lab()
    with (machine.clone / name).open("a") as file:
        file.write("# new\n")
    after = (machine.clone / ".venv" / ".ready").stat().st_mtime + 1
    os.utime(machine.clone / name, (after, after))
    assert "▸ Ready." in machine.lab().err


def test_an_environment_that_was_left_half_made_is_made_again(machine: Machine) -> None:
    machine.lab(NO_NETWORK="1")
    (machine.clone / ".venv" / "half").touch()
    assert "▸ A Python environment in .venv" in machine.lab().err


def test_without_a_network_the_next_start_tries_again(machine: Machine) -> None:
    failed = machine.lab(NO_NETWORK="1")
    assert failed.status == 2
    assert failed.err.splitlines()[-1] == "setup: pip failed; see above"
    assert machine.lab().status == 0


def test_without_python(machine: Machine) -> None:
    machine.lacks("python3")
    ended = machine.lab()
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "setup: python3 is missing; Python 3.11 or newer is needed\n"


def test_with_an_old_python(machine: Machine) -> None:
    ended = machine.lab(OLD="1")
    assert ended.status == 2
    assert ended.err == "setup: Python 3.9.2 is too old; Python 3.11 or newer is needed\n"


def test_root_gets_missing_packages_installed(machine: Machine) -> None:
    machine.lacks("ninja", "bwrap")
    machine.lab()
    assert machine.called("apt-get") == [
        "update -q",
        "install -y --no-install-recommends ninja-build bubblewrap -q",
    ]


def test_with_sudo_packages_are_installed_too(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.lacks("ninja")
    machine.has("sudo", '[ "$1" = -n ] || "$@"')
    machine.lab()
    assert machine.called("apt-get")[1].startswith("install -y ")


def test_who_may_not_install_is_told_the_exact_command(tmp_path: Path) -> None:
    machine = Machine(tmp_path, user=1000)
    machine.lacks("ninja", "bwrap")
    ended = machine.lab()
    assert ended.status == 2
    assert ended.err.splitlines()[-1] == (
        "setup: ask an administrator to run:  apt-get update && "
        "apt-get install -y --no-install-recommends ninja-build bubblewrap "
    )
    assert machine.called("apt-get") == []


def test_a_system_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    machine.lacks("g++", "apt-get")
    ended = machine.lab()
    assert ended.status == 2
    assert ended.err == (
        "setup: missing here: g++ (Debian's names); install them, and run this again\n"
    )


def test_apt_that_fails_is_told(machine: Machine) -> None:
    machine.lacks("g++")
    machine.has("apt-get", "echo E: no network >&2; exit 100")
    ended = machine.setup()
    assert ended.status == 1
    assert ended.err.splitlines() == ["E: no network", "setup: apt-get update failed; see above"]


def test_native_parts_that_do_not_build_show_why(machine: Machine) -> None:
    ended = machine.setup(BROKEN="1")
    assert ended.status == 1
    assert ended.err.splitlines() == [
        "launch.cpp:1: error: no",
        "setup: the native parts do not build; see above",
    ]
    assert machine.lab().status == 0


def test_only_root_can_install_for_the_system(tmp_path: Path) -> None:
    ended = Machine(tmp_path, user=1000).setup("--system")
    assert (ended.status, ended.err) == (2, "setup: --system needs root\n")


def test_the_system_part_is_for_maintainers_too(machine: Machine) -> None:
    assert machine.setup("--system").status == 0
    wanted = "clang strace netcat-openbsd tcpdump chromium chromium-driver similarity-tester"
    assert machine.called("apt-get")[1].endswith(
        f"--no-install-recommends {wanted} libclang-rt-dev -q"
    )
    assert not (machine.clone / ".venv").exists()


def test_anything_else_gets_the_usage(machine: Machine) -> None:
    ended = machine.setup("--frob")
    assert ended.status == 2
    assert ended.err.startswith("usage: scripts/setup [--system | --dev]\n")
