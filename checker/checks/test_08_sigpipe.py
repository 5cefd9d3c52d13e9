"""08-sigpipe: sends lines until its server is gone."""

from __future__ import annotations

from signal import SIGPIPE

from checker import processes
from checker.check import check
from checker.checks.call import Call, call, call_nobody, reports_in_its_words
from checker.checks.idle import sleeps
from checker.clock import CONDITION_POLL, REPLY, SILENCE, Deadline
from checker.program import Program
from checker.scene import Scene, Server
from checker.text import describe

LINES_TYPED_IN_VAIN = 4
"""The first provokes the server's reset, the second meets it."""
MORE_THAN_FITS = 75_000
"""Bytes: more than a narrow connection holds, less than it and a pipe together."""


@check(
    "core",
    "sends each line of standard input as it comes",
    why="A line that is typed is to arrive now, and not when a buffer is full or the input ends.",
    man=("read(2)", "write(2)", "setvbuf(3)"),
    guide="lines",
)
def test_sends(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    for _ in range(3):
        _sends_a_line(scene, caller)


@check(
    "core",
    "sends lines of any length, and the last one without a line end",
    why="A line may be longer than your buffer, and a file need not end with a line end.",
    man=("read(2)", "fgets(3)"),
    guide="lines",
    needs=("test_sends",),
)
def test_any_line(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    for size in (0, 126, 127, 128, 3000):
        line = scene.text(size).encode() + b"\n"
        caller.program.reads(line)
        caller.server.hears(line)
    last = scene.text(20).encode()
    caller.program.reads(last)
    caller.program.reads_end()
    caller.server.hears(last)
    caller.server.hears_end()


@check(
    "core",
    "ends the connection in order when its input ends, and exits with status 0",
    why="The end of the input is no error: the server sees a FIN, and whoever started the program "
    "a success.",
    man=("close(2)", "read(2)"),
    guide="lines",
    needs=("test_sends",),
)
def test_ends(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    _sends_a_line(scene, caller)
    caller.program.reads_end()
    caller.server.hears_end()
    caller.program.succeeds()
    caller = call(scene, stdin="ended")
    caller.server.hears_end()
    caller.program.succeeds()


@check(
    "core",
    "is killed by no signal when the server closes between two lines",
    why="A write to a connection that the other side has reset raises SIGPIPE, whose default is to "
    "kill without a word.",
    man=("signal(7)", "sigaction(2)", "write(2)"),
    guide="sigpipe",
    needs=("test_sends",),
)
def test_survives(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    for _ in range(2):
        _sends_a_line(scene, caller)
    caller.server.closes()
    _types_in_vain(scene, caller)
    _exits_by_itself(caller)


@check(
    "core",
    "is killed by no signal when it is the very first write that fails",
    why="Whoever sets the signal up after the first write may not live to do it.",
    man=("sigaction(2)",),
    guide="sigpipe",
    needs=("test_survives",),
)
def test_first_write(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    # After a FIN, a reset is EPIPE to the program, and not ECONNRESET.
    caller.server.ends()
    caller.server.resets()
    _types_in_vain(scene, caller)
    _exits_by_itself(caller)


@check(
    "core",
    "is killed by no signal when the server goes while a write waits for room",
    why="A server that does not read lets write wait; when it then breaks off, that write fails.",
    man=("write(2)", "signal(7)"),
    guide="sigpipe",
    needs=("test_survives",),
)
def test_waiting_write(scene: Scene) -> None:
    caller = call(scene, stdin="piped", narrow=True)
    program = caller.program.program
    lines = b"".join(scene.text(99).encode() + b"\n" for _ in range(MORE_THAN_FITS // 100))
    caller.program.reads(lines)
    caller.program.step("has filled the connection, and waits until there is room")
    _reads_no_more(scene, program)
    caller.server.ends()
    caller.server.resets()
    caller.program.reads_end()
    _exits_by_itself(caller)


@check(
    "core",
    "notices that the server is gone",
    why="With SIGPIPE out of the way, write returns -1 and sets errno to EPIPE: nobody else tells.",
    man=("write(2)", "errno(3)"),
    guide="sigpipe",
    needs=("test_survives",),
)
def test_notices(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    _sends_a_line(scene, caller)
    caller.server.closes()
    _types_in_vain(scene, caller)
    caller.program.notices_failure(claims=b"all lines sent")


@check(
    "core",
    "notices that nobody listens on the port",
    why="connect returns -1 then, and what is written to such a socket goes nowhere.",
    man=("connect(2)", "errno(3)"),
    guide="sigpipe",
    needs=("test_sends",),
)
def test_refusal(scene: Scene) -> None:
    call_nobody(scene).notices_failure(claims=b"connected to")


@check(
    "core",
    "makes no memory error, however long a line is",
    why="Writing one byte past a full buffer works until the day when it does not.",
    man=("read(2)", "fgets(3)"),
    guide="lines",
    needs=("test_sends",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    for size in (1, 127, 128, 129, 1024, 4096, 16384):
        _types(scene, caller, scene.text(size - 1).encode() + b"\n")
    caller.program.reads_end()
    caller.program.has_no_memory_error()


@check(
    "craft",
    "reports in the standard form that the server is gone",
    why="“Broken pipe” and “Connection reset by peer” say that the server ended, not your program.",
    man=("write(2)", "strerror(3)"),
    guide="sigpipe",
    needs=("test_notices",),
)
def test_reports(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    _sends_a_line(scene, caller)
    caller.server.resets()
    _types_in_vain(scene, caller)
    reasons = ("Broken pipe", "Connection reset by peer")
    caller.program.reports("write", *reasons, or_calls=("send", "read", "recv"))


@check(
    "craft",
    "does not leave SIGPIPE ignored for a program that it would start",
    why="An ignored signal stays ignored across execve, and few programs expect that: `yes | head` "
    "would never end. A handler, or MSG_NOSIGNAL, does no such harm.",
    man=("sigaction(2)", "execve(2)", "send(2)"),
    guide="craft",
    needs=("test_survives",),
)
def test_not_inherited(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    _sends_a_line(scene, caller)
    caller.program.step("does not ignore SIGPIPE (SigIgn in /proc/PID/status)")
    ignored = processes.ignores(caller.program.program.pid, SIGPIPE)
    caller.program.must(not ignored, "a handler, or MSG_NOSIGNAL", "SIGPIPE is ignored (SIG_IGN)")


@check(
    "craft",
    "says at once that the server is gone, before a further line is typed",
    why="Who waits for input alone sees the end of the connection only when it is too late for the "
    "next line.",
    man=("poll(2)", "read(2)"),
    guide="craft",
    needs=("test_notices",),
)
def test_at_once(scene: Scene) -> None:
    for resets in (False, True):
        caller = call(scene, stdin="piped")
        _sends_a_line(scene, caller)
        if resets:
            caller.server.resets()
        else:
            caller.server.closes()
        reports_in_its_words(caller.program)


@check(
    "craft",
    "sleeps while it waits for a line, also when the server has said something",
    why="What nobody reads wakes poll again and again, and the program spins.",
    man=("poll(2)",),
    guide="craft",
    needs=("test_sends",),
)
def test_sleeps(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    _sends_a_line(scene, caller)
    caller.server.says(b"welcome\n")
    sleeps(scene, Server(caller.program, caller.port))


@check(
    "craft",
    "sends lines that hold a NUL",
    why="A NUL ends a C string, but not a line.",
    man=("read(2)", "getline(3)"),
    guide="craft",
    needs=("test_sends",),
)
def test_binary(scene: Scene) -> None:
    caller = call(scene, stdin="piped")
    for line in (b"a\0b\n", b"\0\n", scene.bytes(60) + b"\n"):
        caller.program.reads(line)
        caller.server.hears(line)


def _sends_a_line(scene: Scene, caller: Call) -> None:
    """A line is typed, and arrives."""
    line = scene.text(24).encode() + b"\n"
    caller.program.reads(line)
    caller.server.hears(line)


def _types(scene: Scene, caller: Call, line: bytes) -> None:
    """A line is typed, and the program reads it, unless it is over."""
    program = caller.program.program
    scene.timeline.step("the lab", f"types {describe(line)}")
    program.write_stdin(line, Deadline(REPLY))
    scene.loop.wait(
        lambda: program.ended() or program.unread_stdin() == 0,
        Deadline(REPLY, [program.pid]),
        poll=CONDITION_POLL,
    )


def _types_in_vain(scene: Scene, caller: Call) -> None:
    """Lines are typed as long as the program is there to read them; then the input ends."""
    for _ in range(LINES_TYPED_IN_VAIN):
        if not caller.program.program.ended():
            _types(scene, caller, scene.text(24).encode() + b"\n")
    caller.program.reads_end()


def _reads_no_more(scene: Scene, program: Program) -> None:
    """For SILENCE it takes nothing of what is typed: it sleeps in a write."""
    patience = Deadline(REPLY, [program.pid])
    left = -1
    while left != program.unread_stdin() and patience.left() > 0:
        left = program.unread_stdin()
        scene.loop.wait(lambda: False, Deadline(SILENCE, [program.pid]))


def _exits_by_itself(caller: Call) -> None:
    """With whatever status, but no signal has killed it."""
    ending = caller.program.exits()
    caller.program.must(ending.signal is None, "an exit by itself", f"it {ending}")
