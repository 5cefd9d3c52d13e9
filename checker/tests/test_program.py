"""What a program does, seen through a Program: its input, its output, its end."""

from __future__ import annotations

import signal

import pytest

from checker import processes
from checker.clock import Deadline
from checker.failure import CheckerError, CheckFailed
from checker.prison import Stdin
from checker.program import OUTPUT_CAP, Ending
from checker.scene import Scene
from checker.tests.inside import on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

MORE = 30.0
"""Seconds that no test needs."""


def ran(main: str, *arguments: str, stdin: Stdin = "open") -> tuple[bytes, bytes, Ending]:
    """What the program printed on standard output and standard error, and how it ended."""

    def act(scene: Scene) -> tuple[bytes, bytes, Ending]:
        subject = scene.start(stdin)
        ending = subject.exits(within=MORE)
        return bytes(subject.program.stdout), bytes(subject.program.stderr), ending

    return on_stage(program(main), act, " ".join(arguments))


@pytest.mark.parametrize("status", [0, 1, 127, 139, 255])
def test_an_exit_status_is_told(status: int) -> None:
    ending = ran("return atoi(argv[1]);", str(status))[2]
    assert ending == Ending(status=status, signal=None)
    assert str(ending) == f"exited with status {status}"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGPIPE, signal.SIGKILL, signal.SIGTERM])
def test_a_deadly_signal_is_told_by_its_name(number: signal.Signals) -> None:
    ending = ran("kill(getpid(), atoi(argv[1])); pause();", str(number))[2]
    assert ending == Ending(status=None, signal=number)
    assert str(ending) == f"was killed by signal {number} ({number.name})"


@pytest.mark.parametrize("number", [32, 33, 34, 64])
def test_a_signal_without_a_name_is_told_too(number: int) -> None:
    ending = ran("syscall(SYS_kill, getpid(), atoi(argv[1])); pause();", str(number))[2]
    assert ending.signal == number
    assert str(ending).startswith(f"was killed by signal {number} (")


def test_dying_by_a_signal_is_not_exiting_with_its_shell_status() -> None:
    killed = ran("kill(getpid(), atoi(argv[1])); pause();", "9")[2]
    exited = ran("return atoi(argv[1]);", "137")[2]
    assert killed != exited
    assert (killed.status, exited.signal) == (None, None)


def test_arguments_arrive_as_they_are() -> None:
    out, _, _ = ran("for (int i = 1; i < argc; ++i) puts(argv[i]);", "one", "'two words'", "''")
    assert out == b"one\ntwo words\n\n"


def test_both_outputs_are_heard_apart() -> None:
    assert ran('puts("out"); fputs("err\\n", stderr);')[:2] == (b"out\n", b"err\n")


def test_bytes_come_through_the_terminal_unchanged() -> None:
    out, _, _ = ran("for (int byte = 0; byte < 256; ++byte) putchar(byte);")
    assert out == bytes(range(256))


def test_what_it_printed_last_is_heard_however_fast_it_ends() -> None:
    out, _, _ = ran('for (int i = 0; i < 20000; ++i) puts("line"); _Exit((fflush(stdout), 0));')
    assert out == b"line\n" * 20_000


def test_standard_output_is_a_terminal() -> None:
    assert ran('puts(isatty(1) ? "terminal" : "file");')[0] == b"terminal\n"


def test_standard_output_is_a_pipe_where_that_is_asked_for() -> None:
    def act(scene: Scene) -> bytes:
        subject = scene.start(stdout="piped")
        subject.exits(MORE)
        return bytes(subject.program.stdout)

    assert on_stage(program('puts(isatty(1) ? "terminal" : "file");'), act, "") == b"file\n"


def test_a_line_is_heard_at_its_end_and_not_only_at_the_programs() -> None:
    def act(scene: Scene) -> str:
        subject = scene.start()
        subject.prints(b"first\n", within=MORE)
        return subject.describe()

    assert on_stage(program('puts("first"); pause();'), act, "") == "it still runs"


READS = r"""
  char buffer[100000];
  ssize_t n = read(0, buffer, sizeof buffer);
  printf("%zd\n", n);
"""


def test_standard_input_can_be_at_its_end() -> None:
    assert ran(READS, stdin="ended")[0] == b"0\n"


def test_standard_input_can_be_open_and_say_nothing() -> None:
    def act(scene: Scene) -> bool:
        subject = scene.start("open")
        return scene.loop.wait(subject.program.ended, Deadline(0.2))

    assert not on_stage(program(READS), act, "")


def test_bytes_can_be_typed_and_the_input_ended() -> None:
    def act(scene: Scene) -> bytes:
        subject = scene.start("piped")
        subject.reads(b"Hello\n")
        subject.prints(b"6\n", within=MORE)
        subject.reads_end()
        subject.succeeds(within=MORE)
        return bytes(subject.program.stdout)

    assert on_stage(program(READS), act, "") == b"6\n"


def test_who_does_not_read_its_input_is_given_up() -> None:
    def act(scene: Scene) -> bool:
        subject = scene.start("piped")
        return subject.program.write_stdin(bytes(1_000_000), Deadline(0.1))

    assert not on_stage(program("pause();"), act, "")


@pytest.mark.parametrize("descriptor", ["1", "2"])
def test_a_flood_is_cut_off_at_its_cap(descriptor: str) -> None:
    def act(scene: Scene) -> tuple[int, str | None]:
        flooding = scene.start().program
        assert scene.loop.wait(flooding.ended, Deadline(MORE))
        return len(flooding.stdout) + len(flooding.stderr), scene.gone()

    flood = "static char b[65536]; for (;;) if (write(atoi(argv[1]), b, sizeof b) < 0) pause();"
    assert on_stage(program(flood), act, descriptor) == (
        OUTPUT_CAP,
        "it was stopped, having printed 1,048,576 bytes",
    )


def test_a_flood_by_a_child_is_cut_off_too() -> None:
    def act(scene: Scene) -> tuple[int, str]:
        flooding = scene.start().program
        assert scene.loop.wait(flooding.ended, Deadline(MORE))
        return len(flooding.stdout), flooding.excess

    flood = "static char b[65536]; if (fork()) pause(); setsid(); for (;;) write(1, b, sizeof b);"
    assert on_stage(program(flood), act, "") == (OUTPUT_CAP, "printed 1,048,576 bytes")


def test_what_is_no_program_fails() -> None:
    def act(scene: Scene) -> None:
        with pytest.raises(CheckFailed) as caught:
            scene.start().exits(within=MORE)
        assert caught.value.expected == "a program that can be run"
        assert caught.value.got == "execve: Exec format error"

    text = program("return 0;").with_name("no-program")
    text.write_text("neither a binary nor a script\n")
    on_stage(text, act, "")


def test_a_sandbox_that_does_not_start_says_why() -> None:
    def act(scene: Scene) -> None:
        scene.arena.etc["../usr/bin/x"] = b""
        with pytest.raises(CheckerError, match=r"the sandbox did not start: bwrap: .*"):
            scene.start()

    on_stage(program("return 0;"), act, "")


def test_a_program_that_is_over_is_sent_no_signal() -> None:
    """Its number may be another's by then."""

    def act(scene: Scene) -> bool:
        over = scene.start(message="over").program
        assert scene.loop.wait(over.ended, Deadline(MORE))
        innocent = scene.start(message="innocent").program
        over.pid = innocent.pid
        over.kill()
        over.stop()
        return scene.loop.wait(innocent.ended, Deadline(0.1))

    waits = 'if (!strcmp(argv[1], "innocent")) pause();'
    assert not on_stage(program(waits), act, "{message}")


def test_every_low_descriptor_can_be_taken() -> None:
    def act(scene: Scene) -> bytes:
        subject = scene.start(taken=1000)
        subject.exits(within=MORE)
        return bytes(subject.program.stdout)

    assert on_stage(program('printf("%d\\n", dup(0));'), act, "") == b"1000\n"


def test_its_calls_are_there_before_its_end_was_heard() -> None:
    def seen(scene: Scene) -> bool:
        process = scene.start("piped").program
        process.end_stdin()
        deadline = Deadline(MORE)
        while processes.state(process.pid) and deadline.left() > 0:
            continue
        assert process.ending is None
        return process.recording().seen

    assert on_stage(program("char c; return static_cast<int>(read(0, &c, 1));"), seen)
