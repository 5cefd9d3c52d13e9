"""The promise: a program sees, reaches and harms nothing but its arena."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker import sandbox
from checker.sandbox import PROGRAM_LIMITS, ROOT
from checker.scene import Scene
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

MORE = 30.0
"""Seconds that no test needs."""


def prints(main: str, *arguments: object) -> list[str]:
    """The lines that the program prints in an arena."""
    template = " ".join(str(argument) for argument in arguments)
    return on_stage(program(main), lambda scene: scene.start().prints_lines(MORE), template)


SEES = "for (int i = 1; i < argc; ++i) if (access(argv[i], F_OK) == 0) puts(argv[i]);"


def test_it_sees_its_own_folder_and_the_systems_libraries() -> None:
    wanted = ["/program/program", "/usr/lib", "/etc/hosts", "/tmp", "/dev/null", "/proc/self"]
    assert prints(SEES, *wanted) == wanted


def test_a_clone_below_usr_is_hidden_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "ROOT", Path("/usr/include"))
    assert prints(SEES, "/usr/include", "/usr/include/stdio.h") == ["/usr/include"]


def test_it_has_the_three_standard_descriptors_and_no_other() -> None:
    main = r"""
      for (int number = 0; number < 65536; ++number)
        if (fcntl(number, F_GETFD) >= 0) printf("%d\n", number);
    """
    assert prints(main) == ["0", "1", "2"]


def test_its_environment_has_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "of-the-prober")
    lines = prints("for (char** each = environ; *each; ++each) puts(*each);")
    assert "HOME=/tmp" in lines
    assert not any("SECRET" in line or str(ROOT) in line for line in lines)


def test_it_is_an_ordinary_user_without_capabilities_and_can_gain_none() -> None:
    main = r"""
      char line[1000];
      FILE* status = fopen("/proc/self/status", "r");
      while (fgets(line, sizeof line, status))
        fputs(line, stdout);
    """
    status = dict(line.split(":\t", 1) for line in prints(main))
    told = {name: value for name, value in status.items() if name.startswith(("Cap", "No", "Uid"))}
    assert told.pop("NoNewPrivs") == "1"
    assert told.pop("Uid").split() == ["1000"] * 4
    assert set(told.values()) == {"0" * 16}


def test_it_sees_no_process_but_its_own() -> None:
    main = r"""
      DIR* proc = opendir("/proc");
      int count = 0;
      while (dirent* entry = readdir(proc)) count += atoi(entry->d_name) > 0;
      printf("%d\n", count);
    """
    launcher_itself = ["2"]
    assert prints(main) == launcher_itself


def test_what_it_writes_to_any_descriptor_is_no_report() -> None:
    main = r"""
      for (int number = 3; number < 1024; ++number)
        if (write(number, "ended 0", 7) > 0 || send(number, "ended 0", 7, 0) > 0) puts("heard");
      return 7;
    """

    def act(scene: Scene) -> int | None:
        return scene.start().exits(MORE).status

    assert on_stage(program(main), act, "") == 7


WRITES = r"""
  for (int i = 1; i < argc; ++i) {
    int file = open(argv[i], O_CREAT | O_WRONLY, 0600);
    if (file >= 0) puts(argv[i]);
  }
"""


def test_it_can_write_to_its_scratch_folders_only() -> None:
    folders = ["", "/program", "/etc", "/usr", "/usr/lib", "/dev", "/proc", "/tmp", "/dev/shm"]
    assert prints(WRITES, *(f"{folder}/new" for folder in folders)) == ["/tmp/new", "/dev/shm/new"]
    assert prints(WRITES, "/program/program", "/etc/hosts", "/launch", "/bin/sh") == []


def test_what_it_writes_is_gone_with_it() -> None:
    assert prints(WRITES, "/tmp/left-behind") == ["/tmp/left-behind"]
    assert prints(SEES, "/tmp/left-behind") == []
    assert not Path("/tmp/left-behind").exists()


def test_its_limits_are_set_and_cannot_be_raised() -> None:
    main = r"""
      int all[] = {RLIMIT_CPU, RLIMIT_DATA, RLIMIT_NPROC, RLIMIT_NOFILE, RLIMIT_FSIZE, RLIMIT_CORE};
      for (int which : all) {
        rlimit now;
        getrlimit(which, &now);
        rlimit more{now.rlim_cur + 1, now.rlim_max + 1};
        printf("%ld %ld %s\n", static_cast<long>(now.rlim_cur), static_cast<long>(now.rlim_max),
               said(setrlimit(which, &more)));
      }
    """
    limits = PROGRAM_LIMITS
    named = (limits.cpu, limits.memory, limits.processes, limits.descriptors, limits.file, 0)
    assert prints(main) == [f"{limit} {limit} Operation not permitted" for limit in named]


def test_when_memory_runs_out_it_is_the_first_to_go() -> None:
    main = 'char word[9]; fgets(word, 9, fopen("/proc/self/oom_score_adj", "r")); puts(word);'
    assert prints(main)[0] == "1000"


def test_its_signals_and_its_session_are_as_after_a_login() -> None:
    main = r"""
      sigset_t blocked;
      sigprocmask(SIG_SETMASK, nullptr, &blocked);
      for (int number = 1; number < 32; ++number) {
        struct sigaction now;
        sigaction(number, nullptr, &now);
        if (now.sa_handler != SIG_DFL || sigismember(&blocked, number)) printf("%d\n", number);
      }
      puts(getsid(0) == getpid() && getpgrp() == getpid() ? "own" : "shared");
    """
    assert prints(main) == ["own"]
