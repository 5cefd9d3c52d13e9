"""The prison's command lines, run here and not in an arena."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from checker.sandbox import COMPILER_LIMITS, FILTER, PROGRAM_LIMITS, bwrap, launched

pytestmark = pytest.mark.usefixtures("private_arena")


PATH = {"PATH": "/usr/bin:/bin"}


def run(
    *command: str, data: Mapping[str, int] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """The command in a prison with these options."""
    with FILTER.open("rb") as seccomp:
        prison = bwrap(seccomp=seccomp.fileno(), data=data, **options)
        return subprocess.run(
            [*prison, *command],
            pass_fds=[seccomp.fileno(), *(data or {}).values()],
            capture_output=True,
            text=True,
            check=False,
        )


def inside(*command: str, network: bool = False) -> list[str]:
    """The lines that the command prints in a prison."""
    done = run(*command, environment=PATH | {"A": "b"}, network=network)
    return (done.stdout + done.stderr).splitlines()


def test_without_a_network_there_is_a_loopback_and_nothing_else() -> None:
    interfaces = [line.split(":")[0].strip() for line in inside("cat", "/proc/net/dev")[2:]]
    assert interfaces == ["lo"]


def test_without_a_network_no_connection_of_ours_is_seen() -> None:
    assert len(inside("cat", "/proc/net/tcp", "/proc/net/udp", "/proc/net/unix")) == 3


def test_with_a_network_it_is_ours() -> None:
    ours = os.readlink("/proc/self/ns/net")
    assert inside("readlink", "/proc/self/ns/net", network=True) == [ours]
    assert inside("readlink", "/proc/self/ns/net") != [ours]


def test_nothing_that_tunes_the_kernel_can_be_written() -> None:
    """Root may, without any capability, and so compilers could."""
    assert inside("find", "/proc/sys", "-type", "f", "-writable") == []


def test_the_environment_is_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of-ours")
    assert {line.split("=")[0] for line in inside("env")} == {"PATH", "A", "PWD"}


def test_bytes_can_be_shown_as_a_file() -> None:
    read, write = os.pipe()
    os.write(write, b"shown\n")
    os.close(write)
    done = run("/bin/cat", "/etc/shown", data={"/etc/shown": read})
    os.close(read)
    assert done.stdout == "shown\n"


@pytest.mark.parametrize("writable", [True, False])
def test_a_shown_file_can_be_written_where_that_is_wanted(writable: bool) -> None:
    read, write = os.pipe()
    os.write(write, b"old\n")
    os.close(write)
    script = "(echo new > /shown) 2> /dev/null || echo refused; cat /shown"
    shown = ["/shown"] if writable else []
    done = run("/bin/sh", "-c", script, data={"/shown": read}, writable=shown)
    os.close(read)
    assert done.stdout == ("new\n" if writable else "refused\nold\n")


def test_a_limit_of_zero_is_none() -> None:
    assert "memory=0" not in replace(PROGRAM_LIMITS, memory=0).as_arguments()
    assert f"memory={PROGRAM_LIMITS.memory}" in PROGRAM_LIMITS.as_arguments()
    assert "--nproc" not in " ".join(replace(COMPILER_LIMITS, processes=0).as_prlimit())


def test_the_limits_of_a_compiler_hold() -> None:
    limits = COMPILER_LIMITS
    done = run(*limits.as_prlimit(), "cat", "/proc/self/limits", environment=PATH)
    hard = {line[:26].strip(): line[26:].split()[1] for line in done.stdout.splitlines()[1:]}
    assert hard["Max cpu time"] == str(limits.cpu)
    assert hard["Max address space"] == str(limits.memory)
    assert hard["Max processes"] == str(limits.processes)
    assert hard["Max open files"] == str(limits.descriptors)
    assert hard["Max file size"] == str(limits.file)
    assert hard["Max core file size"] == "0"


def test_no_program_leaves_a_core() -> None:
    assert "core=0" in PROGRAM_LIMITS.as_arguments()


def test_a_launched_program_keeps_its_arguments() -> None:
    command = launched("/launch", 7, ["cpu=1"], ["./program", "--", "x=1"])
    assert command[:3] == ["/launch", "7", "cpu=1"]
    assert command[command.index("--") :] == ["--", "./program", "--", "x=1"]
