"""04-udp-recvfrom: sends a message as one datagram and prints the reply."""

from __future__ import annotations

from checker import processes
from checker.check import check
from checker.checks.question import AskedServer, ask_unknown_host, ask_unreachable_host, stranger
from checker.peers.datagrams import BIGGEST
from checker.prison import Stdin
from checker.scene import DEFAULT_MESSAGE, Scene
from checker.subject import Subject

ECHO = b"echo: "
IDLE = 0.01
"""Seconds of processor that a program may use while it waits for SILENCE."""


@check(
    "core",
    "sends a datagram to the server before it waits for one",
    why="A server answers whoever asks: if both sides wait for the other, they wait for ever.",
    man=("sendto(2)", "recvfrom(2)"),
    guide="recvfrom",
)
def test_asks(scene: Scene) -> None:
    AskedServer(scene).is_asked()


@check(
    "core",
    "sends exactly the bytes of its message",
    why="What task 03 asked of the datagram still holds when an answer is to come.",
    man=("sendto(2)",),
    guide="recvfrom",
    needs=("test_asks",),
)
def test_exact_bytes(scene: Scene) -> None:
    AskedServer(scene).is_asked(scene.text(60), exact=True)


@check(
    "core",
    "prints the reply that came, and exits",
    why="The reply is what recvfrom put into the buffer; a server may answer something else than "
    "it was asked.",
    man=("recvfrom(2)",),
    guide="recvfrom",
    needs=("test_asks",),
)
def test_prints_reply(scene: Scene) -> None:
    server = AskedServer(scene)
    stdins: tuple[Stdin, ...] = ("open", "ended")
    for stdin in stdins:
        program = server.is_asked(stdin=stdin)
        reply = scene.text(len(DEFAULT_MESSAGE) - 1).encode() + b"\n"
        server.answers(reply)
        _prints(program, reply)


@check(
    "core",
    "waits for the reply, asleep",
    why="recvfrom blocks: the system wakes the program when a datagram is there, and until then it "
    "needs no processor.",
    man=("recvfrom(2)",),
    guide="blocking",
    needs=("test_asks",),
)
def test_waits(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    before = processes.cpu_seconds(program.program.pid)
    server.hears_no_more()
    program.still_runs()
    program.step("has slept meanwhile")
    used = processes.cpu_seconds(program.program.pid) - before
    program.must(used < IDLE, "no use of the processor", f"{used * 1000:.0f} ms of it")


@check(
    "core",
    "prints nothing but the reply when it is shorter than the message",
    why="The buffer may still hold older bytes, or bytes never set; recvfrom tells how many it put "
    "there, and no NUL ends them.",
    man=("recvfrom(2)", "printf(3)"),
    guide="bounds",
    needs=("test_prints_reply",),
)
def test_shorter_reply(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked(scene.text(100) + "\n")
    reply = scene.text(4).encode()
    server.answers(reply)
    _prints(program, reply)


@check(
    "core",
    "prints all 128 bytes of a reply",
    why="A reply may be longer than the question, and may fill the buffer to its last byte.",
    man=("recvfrom(2)",),
    guide="bounds",
    needs=("test_prints_reply",),
)
def test_full_buffer(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    reply = scene.text(128).encode()
    server.answers(reply)
    _prints(program, reply)


@check(
    "core",
    "takes an empty datagram for a reply",
    why="With datagrams a result of 0 is no end and no error: it is a reply without a byte.",
    man=("recvfrom(2)",),
    guide="bounds",
    needs=("test_prints_reply",),
)
def test_empty_reply(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    server.answers(b"")
    _prints(program, b"")


@check(
    "core",
    "prints a reply with % signs as it came",
    why="printf takes its first argument for a format: what came from the network must not be it.",
    man=("printf(3)",),
    guide="bounds",
    needs=("test_prints_reply",),
)
def test_percent_signs(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    reply = b"".join(scene.random.sample([b"%s", b"%d", b"%x"], 3)) + b"\n"
    server.answers(reply)
    _prints(program, reply)


@check(
    "core",
    "notices that the host does not exist",
    why="getaddrinfo gives no list when it fails, and nobody would answer.",
    man=("getaddrinfo(3)", "gai_strerror(3)"),
    guide="errors",
    needs=("test_asks",),
    private=True,
)
def test_unknown_host(scene: Scene) -> None:
    ask_unknown_host(scene).notices_failure(ECHO)


@check(
    "core",
    "notices that the message cannot be sent, and waits for no reply",
    why="Whoever waits for the answer to a question that never left waits for ever.",
    man=("sendto(2)", "errno(3)"),
    guide="errors",
    needs=("test_asks",),
    private=True,
)
def test_unreachable_host(scene: Scene) -> None:
    ask_unreachable_host(scene).notices_failure(ECHO)


@check(
    "core",
    "makes no memory error, however long the reply is",
    why="recvfrom never writes past the size that it is told; a NUL put behind a full buffer does.",
    man=("recvfrom(2)",),
    guide="bounds",
    needs=("test_prints_reply", "test_empty_reply"),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    server = AskedServer(scene)
    for size in (0, 128, 1024, BIGGEST):
        program = server.is_asked()
        server.answers(scene.text(size).encode())
        program.exits()
        program.has_no_memory_error()


@check(
    "craft",
    "prints replies of up to 65,507 bytes whole",
    why="recvfrom drops what the buffer has no room for: what is not taken at once is lost.",
    man=("recvfrom(2)", "udp(7)"),
    guide="craft",
    needs=("test_full_buffer",),
)
def test_big_replies(scene: Scene) -> None:
    server = AskedServer(scene)
    for size in (129, 1473, BIGGEST):
        program = server.is_asked()
        reply = scene.text(size).encode()
        server.answers(reply)
        _prints(program, reply)


@check(
    "craft",
    "prints a reply that is no text, byte for byte",
    why="A NUL ends a C string, but not a datagram.",
    man=("recvfrom(2)", "fwrite(3)"),
    guide="craft",
    needs=("test_full_buffer",),
)
def test_binary_reply(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    reply = b"\0ab\0" + scene.bytes(40) + b"\0."
    server.answers(reply)
    _prints(program, reply)


@check(
    "craft",
    "takes no stranger's datagram for the reply",
    why="Anybody may send to a UDP port; only the sender's address and port tell who answers.",
    man=("recvfrom(2)", "ip(7)"),
    guide="stranger",
    needs=("test_prints_reply",),
)
def test_stranger(scene: Scene) -> None:
    server = AskedServer(scene)
    everywhere = server.peer.address()[0] == "0.0.0.0"  # then nobody else can have its port
    for peer in (
        stranger(scene, "a stranger on the server's host", server.host.address),
        stranger(scene, "a stranger elsewhere", scene.address(), 0 if everywhere else server.port),
    ):
        program = server.is_asked()
        peer.says(b"It was me!\n", server.asker)
        reply = scene.text(16).encode() + b"\n"
        server.answers(reply)
        _prints(program, reply)


@check(
    "craft",
    "reports an unknown host in the standard form",
    why="getaddrinfo does not set errno: its result is the error, and gai_strerror has the words.",
    man=("gai_strerror(3)",),
    guide="errors",
    needs=("test_unknown_host",),
    private=True,
)
def test_reports_unknown_host(scene: Scene) -> None:
    ask_unknown_host(scene).reports("getaddrinfo", "Name or service not known")


def _prints(program: Subject, reply: bytes) -> None:
    program.succeeds()
    program.has_printed(ECHO + reply)
