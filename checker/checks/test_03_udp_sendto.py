"""03-udp-sendto: sends a message as one datagram."""

from __future__ import annotations

from checker.check import check
from checker.checks.question import AskedServer, ask_unknown_host, ask_unreachable_host
from checker.checks.tidy import closes_every_socket, frees_every_list
from checker.scene import Scene

CLAIM = b"sent"


@check(
    "core",
    "sends a datagram to the host and the port that it is given",
    why="getaddrinfo turns the host's name and the port into the address that sendto needs.",
    man=("socket(2)", "sendto(2)", "getaddrinfo(3)", "udp(7)"),
    guide="sendto",
)
def test_sends(scene: Scene) -> None:
    AskedServer(scene).is_asked()


@check(
    "core",
    "sends one datagram and no more",
    why="A datagram keeps its bounds: what is sent in two pieces also arrives as two.",
    man=("sendto(2)", "udp(7)"),
    guide="sendto",
    needs=("test_sends",),
)
def test_one_datagram(scene: Scene) -> None:
    server = AskedServer(scene)
    server.is_asked(scene.text(100)).exits()
    server.hears_no_more()


@check(
    "core",
    "sends exactly the bytes of its message",
    why="sendto sends as many bytes as it is told: not the whole buffer, and not the NUL that ends "
    "a C string.",
    man=("sendto(2)", "strlen(3)"),
    guide="sendto",
    needs=("test_one_datagram",),
)
def test_exact_bytes(scene: Scene) -> None:
    server = AskedServer(scene)
    for message in (scene.text(scene.random.randrange(20, 100)), "100%s %n\n", scene.text(1)):
        server.is_asked(message, exact=True)


@check(
    "core",
    "exits with status 0 and waits for nothing",
    why="UDP has no connection and no acknowledgement: when sendto returns, nothing is left to do.",
    man=("udp(7)", "exit(3)"),
    guide="sendto",
    needs=("test_sends",),
)
def test_exits(scene: Scene) -> None:
    server = AskedServer(scene)
    server.is_asked().succeeds()
    server.is_asked(stdin="ended").succeeds()


@check(
    "core",
    "notices that the host does not exist",
    why="getaddrinfo gives no list when it fails, and a program that goes on uses what is not "
    "there.",
    man=("getaddrinfo(3)", "gai_strerror(3)"),
    guide="errors",
    needs=("test_sends",),
    private=True,
)
def test_unknown_host(scene: Scene) -> None:
    ask_unknown_host(scene).notices_failure(CLAIM)


@check(
    "core",
    "notices that the message cannot be sent",
    why="UDP promises little, but sendto returns -1 when the datagram did not even leave.",
    man=("sendto(2)", "errno(3)"),
    guide="errors",
    needs=("test_sends",),
    private=True,
)
def test_unreachable_host(scene: Scene) -> None:
    ask_unreachable_host(scene).notices_failure(CLAIM)


@check(
    "core",
    "makes no memory error, however long the message is",
    why="A message that is copied into a buffer of 128 bytes may have more.",
    man=("strcpy(3)",),
    guide="sendto",
    needs=("test_sends",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    server = AskedServer(scene)
    for size in (1, 127, 128, 129, 1400):
        program = server.is_asked(scene.text(size))
        program.exits()
        program.has_no_memory_error()


@check(
    "craft",
    "sends 1,400 bytes in one datagram",
    why="That much fits an Ethernet frame; cut in pieces, it is no longer one message.",
    man=("udp(7)",),
    guide="craft",
    needs=("test_exact_bytes",),
)
def test_long_message(scene: Scene) -> None:
    scene.needs_argument("message")
    server = AskedServer(scene)
    server.is_asked(scene.text(1400), exact=True).succeeds()
    server.hears_no_more()


@check(
    "craft",
    "sends an empty message as an empty datagram",
    why="A datagram without a byte is a datagram: it arrives, and says that somebody is there.",
    man=("udp(7)",),
    guide="craft",
    needs=("test_exact_bytes",),
)
def test_empty_message(scene: Scene) -> None:
    scene.needs_argument("message")
    AskedServer(scene).is_asked("", exact=True).succeeds()


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


@check(
    "craft",
    "reports in the standard form that the network cannot be reached",
    why="The call's name and the reason tell at once what to mend: here a route, not a name.",
    man=("sendto(2)", "strerror(3)"),
    guide="errors",
    needs=("test_unreachable_host",),
    private=True,
)
def test_reports_unreachable(scene: Scene) -> None:
    ask_unreachable_host(scene).reports("sendto", "Network is unreachable")


@check(
    "craft",
    "reports a message that is too long for a datagram",
    why="65,507 bytes are the most that UDP over IPv4 can carry, and sendto does not cut the rest.",
    man=("sendto(2)", "udp(7)"),
    guide="craft",
    needs=("test_unreachable_host",),
)
def test_reports_too_long(scene: Scene) -> None:
    scene.needs_argument("message")
    host = scene.host()
    program = scene.start(host=host.name, port=scene.port(), message=scene.text(65_508))
    program.reports("sendto", "Message too long")


@check(
    "craft",
    "reports that it cannot have a socket",
    why="socket fails too, as when a process has too many files open; a program that goes on "
    "blames sendto, with “Bad file descriptor”.",
    man=("socket(2)", "errno(3)"),
    guide="errors",
    needs=("test_sends",),
)
def test_reports_no_socket(scene: Scene) -> None:
    program = scene.start(host=scene.host().name, port=scene.port(), faults="socket EMFILE")
    program.reports("socket", "Too many open files")


@check(
    "craft",
    "frees the list that getaddrinfo gave it",
    why="getaddrinfo takes memory for its list, and only freeaddrinfo gives it back: a program "
    "that looks up names for months runs out of it.",
    man=("getaddrinfo(3)",),
    guide="craft",
    needs=("test_exits",),
)
def test_frees_list(scene: Scene) -> None:
    program = AskedServer(scene).is_asked()
    program.succeeds()
    frees_every_list(program)


@check(
    "craft",
    "closes its socket",
    why="The end of a program closes whatever it left open; a server that forgets to close has no "
    "descriptor left some day.",
    man=("close(2)",),
    guide="craft",
    needs=("test_exits",),
)
def test_closes_socket(scene: Scene) -> None:
    program = AskedServer(scene).is_asked()
    program.succeeds()
    closes_every_socket(program)
