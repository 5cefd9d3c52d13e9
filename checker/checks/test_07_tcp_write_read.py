"""07-tcp-write-read: sends a message, and prints its echo."""

from __future__ import annotations

from itertools import pairwise

from checker import processes
from checker.check import check
from checker.checks.call import Call, answer, call, call_nobody, reports_in_its_words
from checker.checks.idle import SELECT
from checker.clock import CONDITION_POLL, REPLY, Deadline
from checker.peers.echo import Echo
from checker.program import Program
from checker.scene import Scene
from checker.text import count

ECHO = b"echo: "
LONG = 100_000
PERIOD = 100_003
"""Bytes after which a bulk repeats itself: no buffer's size, nor a part or a multiple of one."""
TIMES = 168
BULK = PERIOD * TIMES


@check(
    "core",
    "sends its message over a TCP connection",
    why="connect makes the connection, and write puts the bytes into it.",
    man=("connect(2)", "write(2)", "tcp(7)"),
    guide="write",
)
def test_sends(scene: Scene) -> None:
    caller = call(scene)
    caller.server.hears(caller.message)


@check(
    "core",
    "sends exactly the bytes of its message",
    why="write sends as many bytes as it is told: not the whole buffer, and not the NUL that ends "
    "a C string.",
    man=("write(2)", "strlen(3)"),
    guide="write",
    needs=("test_sends",),
)
def test_exact_bytes(scene: Scene) -> None:
    for message in (scene.text(119) + "100%s %n\n", scene.random.choice("abcdef")):
        caller = call(scene, message)
        caller.server.hears(caller.message)
        caller.server.hears_no_more()


@check(
    "core",
    "prints what the server sends back",
    why="An echo is what came back: a program that prints its own message has not looked.",
    man=("read(2)",),
    guide="read",
    needs=("test_sends",),
)
def test_echoes(scene: Scene) -> None:
    caller = call(scene, stdin="ended")
    caller.server.hears(caller.message)
    _answers(scene, caller)
    caller.server.hears_end()


@check(
    "core",
    "reads as many bytes as it has sent, whatever their number, and then exits",
    why="The server does not end the connection: who waits for more than the echo waits for ever, "
    "and what a buffer had in it before is no echo.",
    man=("read(2)",),
    guide="read",
    needs=("test_echoes",),
)
def test_any_size(scene: Scene) -> None:
    scene.needs_argument("message")
    for size in (1, 127, 128, 129, 1000, 0):
        text = scene.text(size)[:-1] + "x"[:size]  # never -, which is standard input
        caller = call(scene, text)
        caller.server.hears(caller.message)
        _answers(scene, caller)


@check(
    "core",
    "prints an echo with % in it as it is",
    why="What came over the network is data: as printf's format it reads or writes memory.",
    man=("printf(3)",),
    guide="read",
    needs=("test_echoes",),
)
def test_percent(scene: Scene) -> None:
    caller = call(scene)
    caller.server.hears(caller.message)
    echo = b"%n%s%d 100%"[: len(caller.message)].ljust(len(caller.message), b"%")
    caller.server.says(echo)
    _has_echoed(caller, echo)


@check(
    "core",
    "puts an echo together that comes in pieces",
    why="TCP is a stream of bytes and knows no messages: one read gives what is there, and be it "
    "one byte.",
    man=("read(2)", "tcp(7)"),
    guide="read",
    needs=("test_echoes",),
)
def test_pieces(scene: Scene) -> None:
    caller = call(scene)
    caller.server.hears(caller.message)
    echo = answer(scene, caller)
    caller.server.drips(bytes([byte]) for byte in echo)
    _has_echoed(caller, echo)
    if scene.takes("message"):
        caller = call(scene, scene.text(400))
        caller.server.hears(caller.message)
        cuts = [0, *sorted(scene.random.sample(range(1, 400), 20)), 400]
        echo = answer(scene, caller)
        caller.server.drips(echo[a:b] for a, b in pairwise(cuts))
        _has_echoed(caller, echo)


@check(
    "core",
    f"sends {LONG:,} bytes to a server that reads slowly, and prints all of them",
    why="A message may be longer than any buffer that you would think of.",
    man=("write(2)", "read(2)"),
    guide="write",
    needs=("test_any_size",),
)
def test_long_message(scene: Scene) -> None:
    scene.needs_argument("message")
    caller = call(scene, scene.text(LONG), narrow=True)
    caller.server.hears(caller.message)
    _answers(scene, caller)


@check(
    "core",
    "goes on writing after a write that has taken only a part",
    why="write may take fewer bytes than it was given, as when Ctrl-Z stops the program meanwhile; "
    "what it returns tells where to go on.",
    man=("write(2)", "signal(7)"),
    guide="write",
    needs=("test_long_message",),
)
def test_short_write(scene: Scene) -> None:
    caller = call(scene, scene.text(LONG), narrow=True)
    pid = caller.program.program.pid
    caller.program.step("has filled the connection, and waits until there is room")
    scene.loop.wait(
        lambda: caller.server.has_mail() and processes.state(pid) == "S",
        Deadline(REPLY, [pid]),
        poll=CONDITION_POLL,
    )
    with caller.program.paused():
        pass
    caller.server.hears(caller.message)
    _answers(scene, caller)


@check(
    "core",
    "goes on writing until all of its message is sent, when each write takes only a few bytes",
    why="Once more is not enough: go on behind all that was taken so far, until nothing is left.",
    man=("write(2)", "send(2)"),
    guide="write",
    needs=("test_echoes",),
)
def test_few_bytes_each(scene: Scene) -> None:
    caller = call(scene, faults=f"send* short {scene.random.randrange(1, 4)}")
    caller.server.hears(caller.message)
    _answers(scene, caller)


@check(
    "core",
    "prints what has come, and ends, when the server ends in the middle of the echo",
    why="At the end of the stream read returns 0, at once and every time: a loop that waits for "
    "more never ends.",
    man=("read(2)",),
    guide="end",
    needs=("test_echoes",),
)
def test_early_end(scene: Scene) -> None:
    for size in (scene.random.randrange(2, 6), 0):
        caller, part = _ends_early(scene, size)
        ending = caller.program.exits()
        caller.program.must(ending.signal is None, "an exit", f"it {ending}")
        if part:
            caller.program.has_printed(ECHO + part)


@check(
    "core",
    "notices that the server resets the connection",
    why="When a connection breaks, read returns -1: that is no number of bytes.",
    man=("read(2)", "tcp(7)"),
    guide="end",
    needs=("test_echoes",),
)
def test_reset(scene: Scene) -> None:
    caller = _resets(scene)
    caller.program.notices_failure(claims=ECHO + caller.message)


@check(
    "core",
    "notices that nobody listens on the port",
    why="connect returns -1 then, and what is written to such a socket goes nowhere.",
    man=("connect(2)", "errno(3)"),
    guide="end",
    needs=("test_sends",),
)
def test_refusal(scene: Scene) -> None:
    call_nobody(scene).notices_failure(claims=ECHO)


@check(
    "core",
    "makes no memory error, however long message and echo are",
    why="Writing one byte past a full buffer works until the day when it does not.",
    man=("read(2)",),
    guide="read",
    needs=("test_echoes",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    for size in (7, 128, 1024, 65536) if scene.takes("message") else (7,):
        host, port = scene.host(), scene.port()
        scene.listener(host, port).echoes()
        message = scene.text(size - 1) + "\n"
        program = scene.start(host=host.name, port=port, message=message)
        program.exits()
        program.has_no_memory_error()


@check(
    "craft",
    "reports a reset in the standard form",
    why="“Connection reset by peer” tells that the server has broken off; a silent end looks like "
    "success.",
    man=("read(2)", "strerror(3)"),
    guide="end",
    needs=("test_reset",),
)
def test_reports_reset(scene: Scene) -> None:
    _resets(scene).program.reports("read", "Connection reset by peer", or_calls=("recv",))


@check(
    "craft",
    "says that the echo is not complete when the server ends early",
    why="Half an echo and status 0 looks like success to the script that called the program.",
    man=("read(2)", "exit(3)"),
    guide="end",
    needs=("test_early_end",),
)
def test_notices_early_end(scene: Scene) -> None:
    caller, _ = _ends_early(scene, scene.random.randrange(2, 6))
    reports_in_its_words(caller.program)


@check(
    "craft",
    "makes a call again that a signal has interrupted",
    why="EINTR is no failure: a signal came first, and nothing was read or written yet.",
    man=("signal(7)", "read(2)", "write(2)"),
    guide="craft",
    needs=("test_pieces", "test_few_bytes_each"),
)
def test_interrupted(scene: Scene) -> None:
    """At the beginning and in the middle, of the message and of its echo."""
    few = scene.random.randrange(1, 4)
    times = "EINTR on calls 1,2,4"
    plan = f"send* {times}; send* short {few}; recv* {times}; recv* short {few}"
    caller = call(scene, faults=plan)
    caller.server.hears(caller.message)
    _answers(scene, caller)
    if caller.program.recording().calls(*SELECT):
        caller = call(scene, faults=f"poll* {times}")
        caller.server.hears(caller.message)
        _answers(scene, caller)


@check(
    "craft",
    "prints an echo that is no text",
    why="A NUL ends a C string, but not what read has given: only its result tells how much.",
    man=("read(2)", "fwrite(3)"),
    guide="craft",
    needs=("test_echoes",),
)
def test_binary(scene: Scene) -> None:
    caller = call(scene)
    caller.server.hears(caller.message)
    echo = b"a\0b\0" + scene.bytes(len(caller.message) - 5) + b"\0"
    caller.server.says(echo)
    _has_echoed(caller, echo)


@check(
    "craft",
    "takes its message from standard input when the argument is -",
    why="An argument has a length limit and no NUL; a file has neither, and may have many lines.",
    man=("read(2)", "stdin(3)"),
    guide="craft",
    needs=("test_echoes",),
)
def test_standard_input(scene: Scene) -> None:
    scene.needs_argument("message")
    host, port = scene.host(), scene.port()
    listener = scene.listener(host, port)
    program = scene.start("piped", host=host.name, port=port, message="-")
    message = f"{scene.text(30)}\n\n{scene.text(200)}".encode() + b"\0no end of line"
    program.reads(message)
    program.reads_end()
    server = listener.accepts()
    server.hears(message)
    server.says(message)
    program.exits()
    program.has_printed(ECHO + message)


@check(
    "craft",
    "passes 16 MiB from standard input through a server that echoes as it reads",
    why="Such a server stops reading when nobody takes its echo; who writes everything before the "
    "first read waits for it, as it waits for them, for ever.",
    man=("poll(2)", "send(2)", "fcntl(2)"),
    guide="craft",
    needs=("test_standard_input",),
)
def test_bulk(scene: Scene) -> None:
    period = scene.text(PERIOD).encode()
    host, port = scene.host(), scene.port()
    echo = scene.listener(host, port).echoes()
    subject = scene.start("piped", stdout="piped", host=host.name, port=port, message="-")
    program = subject.program
    program.output_cap = 2 * BULK
    subject.step(f"reads {count(BULK)} from standard input, sends them and prints their echo")
    if all(program.write_stdin(period, Deadline(REPLY, program.family())) for _ in range(TIMES)):
        program.end_stdin()
        _finishes(scene, program, echo)
    state = "a standstill: the server has read " + f"{echo.passed:,} of {count(BULK)}"
    state += ", and waits until its echo is taken" if echo.waits() else ""
    subject.must(program.ended(), "the program to exit", state)
    subject.has_printed(b"".join([ECHO, *[period] * TIMES]))  # a sum would hold it twice


def _has_echoed(caller: Call, echo: bytes) -> None:
    """The program exits with status 0, having printed that echo."""
    ending = caller.program.exits()
    caller.program.has_printed(ECHO + echo)
    caller.program.must(ending.status == 0, "exit status 0", f"it {ending}")


def _answers(scene: Scene, caller: Call) -> None:
    """The server sends as many bytes back, and the program prints them."""
    echo = answer(scene, caller)
    caller.server.says(echo)
    _has_echoed(caller, echo)


def _ends_early(scene: Scene, size: int) -> tuple[Call, bytes]:
    """The server sends so many bytes, fewer than the message has, and ends the connection."""
    caller = call(scene)
    caller.server.hears(caller.message)
    part = answer(scene, caller)[:size]
    if part:
        caller.server.says(part)
    caller.server.closes()
    return caller, part


def _resets(scene: Scene) -> Call:
    """The server has heard the message, and resets the connection."""
    caller = call(scene)
    caller.server.hears(caller.message)
    caller.server.resets()
    return caller


def _finishes(scene: Scene, program: Program, echo: Echo) -> None:
    """Waits until it is over, or next to nothing moves for REPLY seconds."""

    def moves() -> bool:
        return program.ended() or len(program.stdout) + echo.passed >= goal

    goal = 0
    while moves() and not program.ended():
        goal = len(program.stdout) + echo.passed + PERIOD
        scene.loop.wait(moves, Deadline(REPLY, program.family()))
