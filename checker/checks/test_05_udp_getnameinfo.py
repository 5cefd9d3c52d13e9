"""05-udp-getnameinfo: prints the reply to a datagram, and who sent it."""

from __future__ import annotations

from checker.arena import random_host_name
from checker.check import check
from checker.checks.question import AskedServer, ask_unknown_host, stranger
from checker.checks.signature import LINE, SENT_BY, is_signed, printed_line
from checker.peers.datagrams import BIGGEST
from checker.scene import Scene
from checker.text import show

TRY_AGAIN = "Temporary failure in name resolution"


@check(
    "core",
    "sends a datagram, and prints the reply",
    why="What task 04 asked still holds; only then does it matter who sent the reply.",
    man=("sendto(2)", "recvfrom(2)"),
    guide="getnameinfo",
)
def test_asks(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    reply = scene.text(24).encode()
    server.answers(reply + b"\n")
    program.exits()
    echo, out = b"echo: " + reply, bytes(program.program.stdout)
    program.step(f"has printed {show(echo)}")
    program.must(echo in out, show(echo), show(out) if out else "nothing on standard output")


@check(
    "core",
    "sends exactly the bytes of its message",
    why="What task 03 asked of the datagram still holds when an answer is to come.",
    man=("sendto(2)",),
    guide="getnameinfo",
    needs=("test_asks",),
)
def test_exact_bytes(scene: Scene) -> None:
    AskedServer(scene).is_asked(scene.text(60), exact=True)


@check(
    "core",
    "prints the sender's host name and port",
    why="getnameinfo is getaddrinfo the other way round: from an address to names.",
    man=("getnameinfo(3)",),
    guide="getnameinfo",
    needs=("test_asks",),
    private=True,
)
def test_names_sender(scene: Scene) -> None:
    server = AskedServer(scene)
    name = _name(scene, server.host.address)
    program = server.is_asked()
    server.answers(b"yes\n")
    is_signed(program, name, server.port)


@check(
    "core",
    "prints the sender on the line after the echo",
    why="Whoever reads the output, a person or a program, counts on its order.",
    guide="getnameinfo",
    needs=("test_asks",),
)
def test_order(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    reply = scene.text(12).encode() + b"\n"
    server.answers(reply)
    program.prints(b"echo: " + reply)
    program.succeeds()
    printed_line(program)


@check(
    "core",
    "prints numbers where there is no name",
    why="Few addresses and ports have names; by default getnameinfo then gives the numbers.",
    man=("getnameinfo(3)",),
    guide="getnameinfo",
    needs=("test_names_sender",),
    private=True,
)
def test_numeric(scene: Scene) -> None:
    server = AskedServer(scene)
    program = server.is_asked()
    server.answers(b"yes\n")
    is_signed(program, server.host.address, server.port)


@check(
    "core",
    "names the true sender, when it is another than the one that was asked",
    why="Anybody may answer a datagram: recvfrom tells who did, and a connected socket or a filter "
    "would hide it.",
    man=("recvfrom(2)",),
    guide="true-sender",
    needs=("test_names_sender",),
    private=True,
)
def test_true_sender(scene: Scene) -> None:
    server = AskedServer(scene)
    elsewhere = scene.address()
    names = {at: _name(scene, at) for at in (server.host.address, elsewhere)}
    for peer in (
        stranger(scene, "another port of the server's host", server.host.address),
        stranger(scene, "another host", elsewhere),
    ):
        program = server.is_asked()
        peer.says(b"It was me!\n", server.asker)
        address, port = peer.address()
        is_signed(program, names[address], port)


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
    ask_unknown_host(scene).notices_failure(SENT_BY)


@check(
    "core",
    "makes no memory error, however long the reply is",
    why="The bytes of a reply and the characters of a name both need buffers that hold them all.",
    man=("recvfrom(2)", "getnameinfo(3)"),
    guide="getnameinfo",
    needs=("test_asks",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    server = AskedServer(scene)
    if scene.arena.private:
        _long_name(scene, server.host.address)
    for size in (0, 128, 1024, BIGGEST):
        program = server.is_asked()
        server.answers(scene.text(size).encode())
        program.exits()
        program.has_no_memory_error()


@check(
    "craft",
    "begins a line for the sender, whether the reply has ended its line or not",
    why="A datagram need not end in a line end, and “yessent by” is hard to read.",
    guide="craft",
    needs=("test_order",),
)
def test_own_line(scene: Scene) -> None:
    server = AskedServer(scene)
    for reply in (b"yes", b""):
        program = server.is_asked()
        server.answers(reply)
        program.succeeds()
        line = printed_line(program)
        program.has_printed(b"echo: " + reply + b"\n" + line + b"\n")


@check(
    "craft",
    "prints the service's name where the port has one",
    why="A port with a name says what it is for; services(5) lists them.",
    man=("getnameinfo(3)", "services(5)"),
    guide="services",
    needs=("test_true_sender",),
    private=True,
)
def test_service_name(scene: Scene) -> None:
    server = AskedServer(scene)
    peer = stranger(scene, "a name server", scene.address(), 53)
    program = server.is_asked()
    peer.says(b"yes\n", server.asker)
    is_signed(program, peer.address()[0], "domain")


@check(
    "craft",
    "takes the service's name from UDP's list, and not from TCP's",
    why="A port may have one name with TCP and another with UDP, or a name with one of them only; "
    "NI_DGRAM tells getnameinfo which to look up.",
    man=("getnameinfo(3)", "services(5)"),
    guide="services",
    needs=("test_service_name",),
    private=True,
)
def test_udp_service(scene: Scene) -> None:
    server = AskedServer(scene)
    for port, service in ((58009, "loopback-lab"), (80, "80")):
        peer = stranger(scene, f"UDP port {port}", scene.address(), port)
        program = server.is_asked()
        peer.says(b"yes\n", server.asker)
        is_signed(program, peer.address()[0], service)


@check(
    "craft",
    "prints a host name of 253 characters",
    why="No name in the DNS is longer; a buffer of NI_MAXHOST bytes holds it.",
    man=("getnameinfo(3)",),
    guide="craft",
    needs=("test_names_sender",),
    private=True,
)
def test_long_name(scene: Scene) -> None:
    server = AskedServer(scene)
    name = _long_name(scene, server.host.address)
    program = server.is_asked()
    server.answers(b"yes\n")
    is_signed(program, name, server.port)


@check(
    "craft",
    "reports it when the name server fails, or prints the numbers",
    why="When getnameinfo fails its buffers hold nothing; its result is for gai_strerror.",
    man=("getnameinfo(3)", "gai_strerror(3)"),
    guide="errors",
    needs=("test_numeric",),
    private=True,
)
def test_name_server_fails(scene: Scene) -> None:
    server = AskedServer(scene)
    reverse = ".".join(reversed(server.host.address.split("."))) + ".in-addr.arpa"
    scene.names.fails_for(reverse)
    scene.timeline.step("the name server", f"fails when it is asked for {server.host.address}")
    program = server.is_asked()
    server.answers(b"yes\n")
    program.exits()
    if LINE.search(bytes(program.program.stdout)):
        is_signed(program, server.host.address, server.port)
    else:
        program.reports("getnameinfo", TRY_AGAIN)
        out = bytes(program.program.stdout)
        program.must(
            SENT_BY not in out, f"no {show(SENT_BY)} before the sender is known", show(out)
        )


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


def _name(scene: Scene, address: str) -> str:
    """Gives the address a name that nobody has used to ask."""
    name = f"{random_host_name(scene.random)}.lab.test"
    scene.names.reverse(address, name)
    return name


def _long_name(scene: Scene, address: str) -> str:
    """Gives the address a name as long as DNS allows: four labels of at most 63 characters."""
    name = ".".join(random_host_name(scene.random, size) for size in (63, 63, 63, 61))
    scene.names.reverse(address, name)
    return name
