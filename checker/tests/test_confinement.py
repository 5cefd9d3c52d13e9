"""The promise: a program sees, reaches and harms nothing but its arena."""

from __future__ import annotations

import os
import socket
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


def test_it_sees_no_solution_no_check_and_nothing_else_of_the_machine() -> None:
    secret = [ROOT, ROOT / "solutions", ROOT / "checker" / "checks", Path.home(), Path(__file__)]
    files = ["/etc/passwd", "/etc/shadow", "/home", "/root", "/var", "/run", "/sys", "/mnt", "/opt"]
    assert prints(SEES, *secret, *files) == []


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


def test_it_cannot_signal_the_prober() -> None:
    main = "for (int s = 0; s < 64; ++s) puts(said(kill(atoi(argv[1]), s)));"

    def act(scene: Scene) -> list[str]:
        return scene.start(prober=os.getpid()).prints_lines(MORE)

    assert on_stage(program(main), act, "{prober}") == ["No such process"] * 64


@pytest.mark.parametrize("what", ["fd", "mem", "environ", "cwd", "root"])
def test_it_cannot_look_into_who_reports_on_it(what: str) -> None:
    """Its parent holds the way to the prober."""
    main = r"""
      char path[100];
      snprintf(path, sizeof path, "/proc/%d/%s", getppid(), argv[1]);
      puts(said(access(path, R_OK) < 0 ? -1 : open(path, O_RDONLY)));
    """
    assert prints(main, what) == ["Permission denied"]


def test_it_cannot_trace_who_reports_on_it() -> None:
    main = "puts(said(ptrace(PTRACE_ATTACH, getppid(), 0, 0)));"
    assert prints(main) == ["Operation not permitted"]


def test_it_cannot_take_over_a_descriptor_of_who_reports_on_it() -> None:
    main = r"""
      int parent = static_cast<int>(syscall(SYS_pidfd_open, getppid(), 0));
      for (int number = 0; number < 64; ++number) {
        long got = syscall(SYS_pidfd_getfd, parent, number, 0);
        if (got >= 0 || errno != EPERM) puts(said(got));
      }
      puts("nothing");
    """
    assert prints(main) == ["nothing"]


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


CONNECTS = r"""
  for (int i = 1; i + 1 < argc; i += 2) {
    auto there = at(argv[i], argv[i + 1]);
    int out = socket(AF_INET, SOCK_STREAM, 0);
    puts(said(connect(out, reinterpret_cast<sockaddr*>(&there), sizeof there)));
  }
"""


def test_it_cannot_connect_out_of_its_arena() -> None:
    with socket.create_server(("0.0.0.0", 0)) as outside:
        port = outside.getsockname()[1]
        told = prints(CONNECTS, "127.0.0.1", port, "192.0.2.1", 80, "8.8.8.8", 53)
    assert told == ["Connection refused", "Network is unreachable", "Network is unreachable"]


def test_it_cannot_reach_an_abstract_socket_outside() -> None:
    main = r"""
      sockaddr_un there{AF_UNIX, ""};
      memcpy(there.sun_path + 1, argv[1], strlen(argv[1]));
      auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + strlen(argv[1]));
      int out = socket(AF_UNIX, SOCK_STREAM, 0);
      puts(said(connect(out, reinterpret_cast<sockaddr*>(&there), size)));
    """
    with socket.socket(socket.AF_UNIX) as outside:
        outside.bind(f"\0loopback-{os.getpid()}")
        outside.listen()
        assert prints(main, f"loopback-{os.getpid()}") == ["Connection refused"]


@pytest.mark.parametrize("flag", ["CLONE_NEWUSER", "CLONE_NEWNET", "CLONE_NEWNS", "CLONE_NEWPID"])
def test_it_can_make_no_world_of_its_own(flag: str) -> None:
    main = f"puts(said(unshare({flag}) + unshare(CLONE_NEWUSER | {flag})));"
    assert prints(main)[0] != "done"


def test_it_cannot_rename_the_host_or_read_raw_packets() -> None:
    main = r"""
      puts(said(sethostname("mine", 4)));
      puts(said(socket(AF_INET, SOCK_RAW, IPPROTO_TCP)));
    """
    assert prints(main) == ["Operation not permitted"] * 2


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
