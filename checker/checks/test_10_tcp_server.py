"""10-tcp-server: echoes one client after another."""

from __future__ import annotations

from checker.check import check
from checker.checks import echo
from checker.checks.idle import ACCEPT, READ, waits_in
from checker.checks.taken import taken_port
from checker.scene import Scene


@check(
    "core",
    "listens on the TCP port that it is given",
    why="Clients find a server by its port number; htons, bind and listen all have to be right.",
    man=("socket(2)", "bind(2)", "listen(2)", "getaddrinfo(3)"),
    guide="listen",
)
def test_listens(scene: Scene) -> None:
    scene.serve("TCP")


@check(
    "core",
    "echoes what a client sends",
    why="accept gives a new descriptor for each client: read from it and write to it.",
    man=("accept(2)", "read(2)", "write(2)"),
    guide="echo",
    needs=("test_listens",),
)
def test_echoes(scene: Scene) -> None:
    echo.echoes(scene)


@check(
    "core",
    "writes back exactly the bytes that it read",
    why="read returns how many bytes it gave; the rest of the buffer is old or was never set.",
    man=("read(2)",),
    guide="echo",
    needs=("test_echoes",),
)
def test_exact_bytes(scene: Scene) -> None:
    echo.exact_bytes(scene)


@check(
    "core",
    "passes bytes through that are no text",
    why="A byte stream may hold any byte; a NUL ends a C string, but not a message.",
    man=("write(2)",),
    guide="echo",
    needs=("test_echoes",),
)
def test_binary(scene: Scene) -> None:
    echo.binary(scene)


@check(
    "core",
    "keeps echoing, however the bytes are cut into segments",
    why="TCP keeps no message boundaries: one send may arrive as many reads, or many as one.",
    man=("tcp(7)", "read(2)"),
    guide="echo",
    needs=("test_echoes",),
)
def test_any_segmentation(scene: Scene) -> None:
    echo.any_segmentation(scene)


@check(
    "core",
    "gives a client that has ended its half all of its echo, and then the end",
    why="A FIN says “I send no more”, not “I have gone”: what was read must still be written back.",
    man=("read(2)", "shutdown(2)", "tcp(7)"),
    guide="half-close",
    needs=("test_echoes",),
)
def test_half_close(scene: Scene) -> None:
    echo.half_close(scene)


@check(
    "core",
    "serves the next client when one leaves, in the order in which they came",
    why="A server that serves one client only is the commonest bug: accept belongs in a loop.",
    man=("accept(2)", "close(2)"),
    guide="serve",
    needs=("test_echoes",),
)
def test_next_client(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = [scene.connect(server) for _ in range(3)]
    words = [scene.text(12).encode() for _ in clients]
    for client, word in zip(clients, words, strict=True):
        client.says(word)
    for client, word in zip(clients, words, strict=True):
        client.hears(word)
        client.ends()
        client.hears_end()
    server.program.still_runs()


@check(
    "core",
    "notices that its port is taken",
    why="bind fails then, and a server that goes on listens on some random port, or nowhere.",
    man=("bind(2)", "listen(2)"),
    guide="listen",
    needs=("test_listens",),
)
def test_port_taken(scene: Scene) -> None:
    port = taken_port(scene, "TCP")
    scene.start(port=port).notices_failure(claims=b"listening")


@check(
    "core",
    "leaves no descriptor open after 200 clients in turn",
    why="Each accept opens a descriptor; a server that never closes them can serve no one after "
    "about a thousand clients.",
    man=("close(2)", "getrlimit(2)"),
    guide="serve",
    needs=("test_next_client",),
)
def test_no_descriptor_leak(scene: Scene) -> None:
    echo.no_descriptor_leak(scene)


@check(
    "core",
    "serves with its standard input at its end",
    why="A server started by another program often has no input at all.",
    guide="serve",
    needs=("test_echoes",),
)
def test_without_stdin(scene: Scene) -> None:
    echo.without_stdin(scene)


@check(
    "core",
    "makes no memory error while it echoes",
    why="Writing one byte past a full buffer works until the day when it does not.",
    man=("read(2)",),
    guide="echo",
    needs=("test_echoes",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    echo.memory(scene)


@check(
    "craft",
    "survives a client that resets its connection",
    why="A reset makes read fail with ECONNRESET. That is the client's end, not the server's.",
    man=("read(2)", "tcp(7)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_survives_reset(scene: Scene) -> None:
    echo.survives_reset(scene)


@check(
    "craft",
    "survives a client that leaves without reading its echo",
    why="Writing to a connection that the other side has reset raises SIGPIPE, which kills.",
    man=("signal(7)", "write(2)", "send(2)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_survives_unread_echo(scene: Scene) -> None:
    echo.survives_unread_echo(scene)


@check(
    "craft",
    "writes all of the echo when a write takes only part of it",
    why="write returns how many bytes it took; what it did not take is lost, unless it is written "
    "again.",
    man=("write(2)",),
    guide="echo",
    needs=("test_any_segmentation",),
)
def test_short_writes(scene: Scene) -> None:
    echo.short_calls(scene)


@check(
    "craft",
    "makes a call again that a signal has interrupted",
    why="EINTR is no failure: a signal came first, and nothing was read, written or accepted yet.",
    man=("signal(7)", "read(2)", "accept(2)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_interrupted(scene: Scene) -> None:
    echo.interrupted(scene)


@check(
    "craft",
    "accepts the next client when one has gone before it was accepted",
    why="accept then fails with ECONNABORTED: that is one client's affair, not the server's end.",
    man=("accept(2)",),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_aborted(scene: Scene) -> None:
    echo.aborted(scene)


@check(
    "craft",
    "waits in accept for a client, and in read for its bytes",
    why="A call that blocks costs nothing; waking up to look costs a little, for ever.",
    man=("accept(2)", "read(2)"),
    guide="serve",
    needs=("test_next_client",),
)
def test_waits(scene: Scene) -> None:
    server = scene.serve("TCP")
    waits_in(scene, server, ACCEPT, "accept")
    client = scene.connect(server)
    echo.exchanges(scene, client)
    waits_in(scene, server, READ, "read")


@check(
    "craft",
    "reports a taken port in the standard form",
    why="Whoever starts a server reads its message: the call that failed, and the reason.",
    man=("bind(2)", "strerror(3)"),
    guide="listen",
    needs=("test_port_taken",),
)
def test_reports_port_taken(scene: Scene) -> None:
    port = taken_port(scene, "TCP")
    scene.start(port=port).reports("bind", "Address already in use")


@check(
    "craft",
    "can be restarted at once on the same port",
    why="Connections that the server ended wait in TIME_WAIT for a minute; SO_REUSEADDR allows to "
    "bind meanwhile.",
    man=("socket(7)", "tcp(7)"),
    guide="rude-clients",
    needs=("test_echoes",),
)
def test_restarts(scene: Scene) -> None:
    echo.restarts(scene)


@check(
    "craft",
    "echoes 64 MiB through to a client that reads as it writes",
    why="A server that collects everything before it answers runs out of memory or of patience.",
    man=("write(2)",),
    guide="echo",
    needs=("test_any_segmentation",),
)
def test_bulk(scene: Scene) -> None:
    echo.bulk(scene)
