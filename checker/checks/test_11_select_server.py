"""11-select-server: echoes one client, and tells every further one that it is busy."""

from __future__ import annotations

import resource

from checker import processes
from checker.check import check
from checker.checks import echo
from checker.checks.busy import forgets_client, held, is_turned_away, listener_waits
from checker.checks.idle import SELECT, sleeps, waits_in
from checker.checks.taken import taken_port
from checker.clock import SILENCE, Deadline
from checker.failure import CheckSkipped
from checker.sandbox import SPARE
from checker.scene import Scene

FD_SETSIZE = 1024


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
    why="select tells which descriptor is ready, provided that it is in the set and that the first "
    "argument is larger than its number.",
    man=("select(2)", "accept(2)", "read(2)"),
    guide="select",
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
    guide="echo",
    needs=("test_echoes",),
)
def test_half_close(scene: Scene) -> None:
    echo.half_close(scene)


@check(
    "core",
    "tells a second client “busy” at once while the first is silent",
    why="A server that waits in read for one client cannot see that another has come; select waits "
    "for both.",
    man=("select(2)", "accept(2)", "close(2)"),
    guide="busy",
    needs=("test_echoes",),
)
def test_busy_while_silent(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    is_turned_away(server, scene.connect(server))
    echo.exchanges(scene, first)


@check(
    "core",
    "tells further clients “busy” between the words of the first",
    why="select leaves only what is ready in its sets: fill them anew before each call.",
    man=("select(2)",),
    guide="select",
    needs=("test_busy_while_silent",),
)
def test_busy_while_talking(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    for _ in range(3):
        echo.exchanges(scene, first)
        word = scene.text(9).encode()
        first.says(word)
        is_turned_away(server, scene.connect(server))
        first.hears(word)


@check(
    "core",
    "tells five clients that come at once “busy”, each of them",
    why="Whoever is waiting in the queue of connections makes the listener ready, again and again.",
    man=("select(2)", "listen(2)"),
    guide="busy",
    needs=("test_busy_while_silent",),
)
def test_five_at_once(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    echo.exchanges(scene, first)
    others = [scene.connect(server) for _ in range(5)]
    for other in others:
        is_turned_away(server, other)
    echo.exchanges(scene, first)


@check(
    "core",
    "serves the next client when the first has left",
    why="When read returns 0 the client has left: close its descriptor, and the server is free.",
    man=("read(2)", "close(2)"),
    guide="busy",
    needs=("test_busy_while_silent",),
)
def test_next_client(scene: Scene) -> None:
    server = scene.serve("TCP")
    echo.leaves(scene.connect(server))
    for _ in range(3):
        client = scene.connect(server)
        echo.exchanges(scene, client)
        is_turned_away(server, scene.connect(server))
        echo.leaves(client)


@check(
    "core",
    "sleeps while nothing happens",
    why="select without a timeout costs nothing while it waits; asking again and again takes a "
    "whole processor.",
    man=("select(2)",),
    guide="select",
    needs=("test_next_client",),
)
def test_sleeps(scene: Scene) -> None:
    server = scene.serve("TCP")
    sleeps(scene, server)
    client = scene.connect(server)
    echo.exchanges(scene, client)
    is_turned_away(server, scene.connect(server))
    sleeps(scene, server)
    echo.leaves(client)
    sleeps(scene, server)


@check(
    "core",
    "serves, and sleeps, with its standard input at its end",
    why="An input at its end is ready for ever: a server that has it in its set never sleeps.",
    man=("select(2)",),
    guide="select",
    needs=("test_echoes",),
)
def test_without_stdin(scene: Scene) -> None:
    server = scene.serve("TCP", stdin="ended")
    client = scene.connect(server)
    echo.exchanges(scene, client)
    sleeps(scene, server)
    echo.exchanges(scene, client)


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
    guide="busy",
    needs=("test_next_client",),
)
def test_no_descriptor_leak(scene: Scene) -> None:
    echo.no_descriptor_leak(scene)


@check(
    "core",
    "leaves no descriptor open after it has turned 200 clients away",
    why="A client that is told “busy” has a descriptor too.",
    man=("close(2)", "shutdown(2)"),
    guide="busy",
    needs=("test_busy_while_silent",),
)
def test_no_leak_when_busy(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    echo.exchanges(scene, first)
    before = len(processes.descriptors(server.program.program.pid))
    for _ in range(echo.TURNS):
        is_turned_away(server, scene.connect(server, "a client"))
    echo.holds_no_more(server, before, "its first client came")
    echo.exchanges(scene, first)


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
    "survives a client that resets its connection, and serves the next",
    why="A reset makes read fail with ECONNRESET. That is the client's end, not the server's.",
    man=("read(2)", "tcp(7)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_survives_reset(scene: Scene) -> None:
    server = scene.serve("TCP")
    before = held(server)
    for _ in range(3):
        rude = scene.connect(server)
        echo.exchanges(scene, rude)
        rude.resets()
        forgets_client(server, before)
    echo.exchanges(scene, scene.connect(server))


@check(
    "craft",
    "survives a client that leaves without reading its echo",
    why="Writing to a connection that the other side has reset raises SIGPIPE, which kills.",
    man=("signal(7)", "send(2)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_survives_unread_echo(scene: Scene) -> None:
    server = scene.serve("TCP")
    before = held(server)
    for _ in range(2):
        rude = scene.connect(server)
        echo.exchanges(scene, rude)
        with server.program.paused():
            rude.says(scene.bytes(60_000))
            rude.closes()
        forgets_client(server, before)
        rude = scene.connect(server)
        echo.exchanges(scene, rude)
        rude.fill()
        rude.resets()
        forgets_client(server, before)
    echo.exchanges(scene, scene.connect(server))
    server.program.still_runs()


@check(
    "craft",
    "survives further clients that have gone before they hear “busy”",
    why="Writing “busy” to a connection that has been ended and reset raises SIGPIPE, too.",
    man=("signal(7)", "send(2)"),
    guide="rude-clients",
    needs=("test_busy_while_silent",),
)
def test_survives_gone_when_busy(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    echo.exchanges(scene, first)
    with server.program.paused():
        scene.connect(server).resets()
        rude = scene.connect(server)
        rude.ends()
        rude.resets()
    is_turned_away(server, scene.connect(server))
    echo.exchanges(scene, first)


@check(
    "craft",
    "tells further clients “busy” while the first does not take its echo",
    why="A write waits for a client that does not read, and the server with it; a call that would "
    "wait belongs after select has told that it will not.",
    man=("select(2)", "send(2)", "fcntl(2)"),
    guide="slow-reader",
    needs=("test_busy_while_silent",),
)
def test_slow_reader(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    sent = first.fill()
    is_turned_away(server, scene.connect(server))
    first.ends()
    heard = first.hears_all()
    first.must_have(heard == bytes(sent), f"{sent:,} bytes of echo", f"{len(heard):,} bytes")
    first.must_have(first.closing == "end", "an orderly end (FIN)", "a reset (RST)")


@check(
    "craft",
    "ends in order with a further client that has already spoken",
    why="Closing a socket with bytes unread sends a reset, after which the client may never read "
    "the answer.",
    man=("close(2)", "tcp(7)"),
    guide="rude-clients",
    needs=("test_busy_while_silent",),
)
def test_spoken_to_when_busy(scene: Scene) -> None:
    server = scene.serve("TCP")
    first = scene.connect(server)
    echo.exchanges(scene, first)
    with server.program.paused():
        other = scene.connect(server)
        other.says(scene.text(30).encode())
    is_turned_away(server, other)


@check(
    "craft",
    "sends all of the echo when a send takes only part of it",
    why="send returns how many bytes it took; what it did not take is lost, unless it is sent "
    "again when select tells that there is room.",
    man=("send(2)", "select(2)"),
    guide="slow-reader",
    needs=("test_any_segmentation",),
)
def test_short_writes(scene: Scene) -> None:
    echo.short_calls(scene)


@check(
    "craft",
    "makes a call again that a signal has interrupted",
    why="EINTR is no failure: a signal came first, and select has not looked at its sets yet.",
    man=("signal(7)", "select(2)", "accept(2)"),
    guide="rude-clients",
    needs=("test_next_client",),
)
def test_interrupted(scene: Scene) -> None:
    echo.interrupted(scene, others="accept* EINTR once; poll* EINTR once")


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
    "has a listener on which accept never waits",
    why="The client that select saw may have gone when accept looks: accept would wait for the "
    "next one then, and the client that is served would wait, too.",
    man=("select(2)", "accept(2)", "fcntl(2)"),
    guide="rude-clients",
    needs=("test_busy_while_silent",),
)
def test_nonblocking_listener(scene: Scene) -> None:
    server = scene.serve("TCP")
    echo.exchanges(scene, scene.connect(server))
    server.program.step("has made its listener non-blocking")
    wanted = "O_NONBLOCK among the flags of the listener"
    server.program.must(not listener_waits(server), wanted, "a listener on which accept waits")


@check(
    "craft",
    "goes back to select when accept finds nobody",
    why="A call that would have to wait fails with EAGAIN on a non-blocking descriptor: nothing is "
    "wrong, it is only too early or too late.",
    man=("accept(2)", "select(2)"),
    guide="rude-clients",
    needs=("test_nonblocking_listener",),
)
def test_nobody_there(scene: Scene) -> None:
    server = scene.serve("TCP", faults="accept* EAGAIN once")
    echo.exchanges(scene, scene.connect(server))


@check(
    "craft",
    "waits in select only, with a client and without one",
    why="A server that waits in one place sees whatever comes first; a timeout only wakes it up "
    "to find nothing.",
    man=("select(2)",),
    guide="select",
    needs=("test_busy_while_silent",),
)
def test_waits(scene: Scene) -> None:
    server = scene.serve("TCP")
    waits_in(scene, server, SELECT, "select")
    client = scene.connect(server)
    echo.exchanges(scene, client)
    is_turned_away(server, scene.connect(server))
    waits_in(scene, server, SELECT, "select")


@check(
    "craft",
    "puts no descriptor into a set that it is too large for",
    why="An fd_set has FD_SETSIZE places; FD_SET with a larger number writes past its end.",
    man=("select(2)", "getrlimit(2)"),
    guide="fd-setsize",
    needs=("test_echoes",),
    build="sanitised",
)
def test_fd_setsize(scene: Scene) -> None:
    taken = FD_SETSIZE - 1  # one number is left, for the listener
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if resource.RLIM_INFINITY != allowed < taken + SPARE:
        raise CheckSkipped(f"this machine allows a process no more than {allowed} descriptors")
    server = scene.serve("TCP", taken=taken)
    client = scene.connect(server)
    client.says(scene.text(12).encode())
    client.ends()
    client.hears_all()
    server.program.has_no_memory_error()
    server.program.still_runs()


@check(
    "craft",
    "reports that it can accept no client, or serves it later",
    why="Calls that fail return -1 and nothing else; a server that takes -1 for a descriptor is "
    "busy for ever with nobody.",
    man=("accept(2)", "strerror(3)"),
    guide="busy",
    needs=("test_next_client",),
)
def test_accept_fails(scene: Scene) -> None:
    scene.needs_plain_build()
    server = scene.serve("TCP")
    program = server.program
    with program.out_of_descriptors():
        with program.paused():
            client = scene.connect(server)
        scene.loop.wait(program.program.ended, Deadline(SILENCE, program.program.family()))
    if program.gone():
        program.reports("accept", "Too many open files")
    else:
        echo.exchanges(scene, client)


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
