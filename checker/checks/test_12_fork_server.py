"""12-fork-server: echoes to many clients at once, each in a process of its own."""

from __future__ import annotations

import os
from signal import SIGKILL, SIGTERM

from checker import processes, sockets
from checker.check import check
from checker.checks import echo
from checker.checks.children import (
    all_sleep,
    borrow_memory,
    child_of,
    family,
    has_open,
    lets_go,
    living,
    served,
    stopped,
    zombies,
)
from checker.checks.idle import ACCEPT, waits_in
from checker.checks.taken import taken_port
from checker.scene import Scene
from checker.text import count

CROWD = 20
"""Clients at once: more than any queue of a textbook's holds."""

TURNS = 500


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
    why="After fork the child has the client's descriptor too: it reads from it and writes to it.",
    man=("accept(2)", "fork(2)", "read(2)", "write(2)"),
    guide="fork",
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
    "serves 20 clients at once, each with its own echo",
    why="A server that waits for its child is as slow as one without: nobody else is served.",
    man=("fork(2)", "wait(2)"),
    guide="fork",
    needs=("test_echoes",),
)
def test_at_once(scene: Scene) -> None:
    clients = served(scene, scene.serve("TCP"), CROWD)
    said = {client: scene.text(scene.random.randrange(1, 10_000)).encode() for client in clients}
    for client in clients:
        client.says(said[client])
    for client in scene.random.sample(clients, CROWD):
        client.hears(said[client])


@check(
    "core",
    "serves a client at once while others are silent, or do not read their echo",
    why="The parent may block in accept only: whatever else it waits for, one client can withhold.",
    man=("accept(2)", "fork(2)"),
    guide="fork",
    needs=("test_at_once", "test_binary"),
)
def test_silent_clients(scene: Scene) -> None:
    server = scene.serve("TCP")
    others = [scene.connect(server, "a silent client") for _ in range(3)]
    others.append(scene.connect(server, "a client that does not read"))
    others[-1].fill()
    echo.exchanges(scene, scene.connect(server))


@check(
    "core",
    "serves each client in a process of its own",
    why="A process has its own memory and its own fate: what goes wrong in one harms no other.",
    man=("fork(2)",),
    guide="fork",
    needs=("test_at_once",),
)
def test_own_process(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    server.program.step("serves each of the 3 clients in a process of its own")
    busy = [pid for pid in living(server) if any(has_open(pid, server, c) for c in clients)]
    wanted = "3 child processes that have these connections open"
    server.program.must(len(busy) >= 3, wanted, f"{len(busy)}")
    server.program.must(
        not borrow_memory(server),
        "children made by fork, with a memory of their own",
        "vfork: the child uses its parent's memory, and the parent waits until it ends",
    )


@check(
    "core",
    "does not keep its clients' descriptors in the parent",
    why="A connection ends when its last descriptor is closed, and the parent has a copy of it.",
    man=("fork(2)", "close(2)"),
    guide="descriptors",
    needs=("test_own_process",),
)
def test_parent_lets_go(scene: Scene) -> None:
    server = scene.serve("TCP")
    lets_go(server, served(scene, server, 3))


@check(
    "core",
    "gives a client that has ended its half all of its echo, and then the end",
    why="A FIN says “I send no more”, not “I have gone”: what was read must still be written back.",
    man=("read(2)", "shutdown(2)", "tcp(7)"),
    guide="descriptors",
    needs=("test_parent_lets_go",),
)
def test_half_close(scene: Scene) -> None:
    echo.half_close(scene)


@check(
    "core",
    "ends a client's process when the client leaves",
    why="A child that returns into the loop of its parent becomes a second server, and a third.",
    man=("fork(2)", "_exit(2)"),
    guide="fork",
    needs=("test_half_close",),
)
def test_children_end(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    for client in clients:
        echo.leaves(client)
    server.program.step("has no child any more")
    server.program.must_soon(
        lambda: not living(server),
        "no child, for there is no client",
        lambda: f"{len(living(server))} of 3 still run",
    )


@check(
    "core",
    "accepts the next client when one has left, while another stays",
    why="SIGCHLD interrupts accept, which fails with EINTR: nothing is wrong, and it goes on.",
    man=("accept(2)", "signal(7)", "sigaction(2)"),
    guide="interrupted-calls",
    needs=("test_children_end", "test_sleeps"),
)
def test_next_client(scene: Scene) -> None:
    server = scene.serve("TCP")
    parent, _ = family(server)
    patient = scene.connect(server)
    echo.exchanges(scene, patient)
    before = len(living(server))
    for _ in range(4):
        client = scene.connect(server)
        echo.exchanges(scene, client)
        server.program.step("waits for the next client")
        server.program.must_soon(
            lambda: processes.state(parent) == "S",
            "the parent asleep in accept",
            lambda: "it does not sleep",
        )
        echo.leaves(client)
        server.program.must_soon(
            lambda: len(living(server)) <= before, "the end of its child", lambda: "it still runs"
        )
    echo.exchanges(scene, patient)


@check(
    "core",
    "leaves no zombie when 20 clients leave at the same moment",
    why="Signals do not queue: one SIGCHLD may stand for 20 children, so one wait is too few.",
    man=("waitpid(2)", "sigaction(2)", "signal(7)"),
    guide="zombies",
    needs=("test_children_end",),
)
def test_no_zombies(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, CROWD)
    lets_go(server, clients)
    with server.program.paused():
        for client in clients:
            echo.leaves(client)
        server.program.step(f"has {CROWD} children that end before it can look")
        server.program.must_soon(
            lambda: not living(server),
            "their ends",
            lambda: f"{len(living(server))} of them still run",
        )
    server.program.step("has collected them all")
    server.program.must_soon(
        lambda: not zombies(server),
        "no zombie",
        lambda: f"{count(len(zombies(server)), 'zombie')}: ended, and nobody waited for them",
    )
    echo.exchanges(scene, scene.connect(server))


@check(
    "core",
    "goes on when one of its children is killed",
    why="That is what processes are for: a crash ends one client's connection, and nothing else.",
    man=("fork(2)", "waitpid(2)"),
    guide="fork",
    needs=("test_own_process", "test_parent_lets_go"),
)
def test_killed_child(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    victim = scene.random.choice(clients)
    scene.timeline.step("the lab", f"kills the child that serves {victim.name} (SIGKILL)")
    os.kill(child_of(server, victim), SIGKILL)
    victim.hears_all()
    for client in clients:
        if client is not victim:
            echo.exchanges(scene, client)
    echo.exchanges(scene, scene.connect(server))


@check(
    "core",
    "sleeps while nobody says anything",
    why="A loop that asks again and again, instead of waiting, takes the processor from the rest.",
    man=("accept(2)", "read(2)", "waitpid(2)"),
    guide="fork",
    needs=("test_at_once",),
)
def test_sleeps(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    all_sleep(scene, server)
    for client in clients:
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
    "serves with its standard input at its end",
    why="A server started by another program often has no input at all.",
    guide="fork",
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
    needs=("test_half_close",),
    build="sanitised",
)
def test_memory(scene: Scene) -> None:
    echo.memory(scene)


@check(
    "craft",
    "closes the listener in its children",
    why="A child that holds the listener keeps the port taken when the parent has long gone.",
    man=("fork(2)", "close(2)"),
    guide="descriptors",
    needs=("test_own_process",),
)
def test_no_listener_in_children(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    children = [child_of(server, client) for client in clients]
    server.program.step("has the listener open in the parent only")

    def holders() -> int:
        bound = [sockets.bound_by([pid]) for pid in children]
        return sum(any(b.port == server.port for b in of_child) for of_child in bound)

    server.program.must_soon(
        lambda: holders() == 0,
        "no child that has the listener open",
        lambda: f"{holders()} of 3 children have it open",
    )


@check(
    "craft",
    "takes no harm from clients that leave rudely",
    why="A reset, or an echo that nobody reads, ends one child at once and concerns no other.",
    man=("read(2)", "write(2)", "signal(7)"),
    guide="rude-clients",
    needs=("test_own_process", "test_children_end"),
)
def test_rude_clients(scene: Scene) -> None:
    server = scene.serve("TCP")
    polite, resetting, unread, deaf = served(scene, server, 4)
    with stopped(server, child_of(server, unread)):
        unread.says(scene.bytes(60_000))
        unread.closes()
    resetting.resets()
    deaf.fill()
    deaf.resets()
    echo.exchanges(scene, polite)
    server.program.step("has one child left, for the client that stayed")
    server.program.must_soon(
        lambda: len(family(server)[1]) <= 1,
        "1 child",
        lambda: f"{len(living(server))} alive, and {count(len(zombies(server)), 'zombie')}",
    )
    echo.exchanges(scene, polite)
    echo.exchanges(scene, scene.connect(server))


@check(
    "craft",
    "writes all of the echo when a write takes only part of it",
    why="write returns how many bytes it took; what it did not take is lost, unless it is written "
    "again.",
    man=("write(2)",),
    guide="echo",
    needs=("test_any_segmentation", "test_half_close"),
)
def test_short_writes(scene: Scene) -> None:
    echo.short_calls(scene)


@check(
    "craft",
    "makes a read or a write again that a signal has interrupted",
    why="EINTR is no failure; and a child inherits the handlers of its parent, for any signal.",
    man=("signal(7)", "read(2)", "write(2)", "fork(2)"),
    guide="interrupted-calls",
    needs=("test_half_close",),
)
def test_interrupted(scene: Scene) -> None:
    echo.interrupted(scene, others="")


@check(
    "craft",
    "accepts the next client when one has gone before it was accepted",
    why="accept then fails with ECONNABORTED: that is one client's affair, not the server's end.",
    man=("accept(2)",),
    guide="rude-clients",
    needs=("test_echoes",),
)
def test_aborted(scene: Scene) -> None:
    echo.aborted(scene)


@check(
    "craft",
    "leaves no client waiting when fork fails, and serves the next",
    why="A system may have no room for one more process: then fork returns -1, and there is nobody "
    "to serve this client, nor to close its descriptor but the parent.",
    man=("fork(2)", "close(2)"),
    guide="fork",
    needs=("test_parent_lets_go", "test_half_close"),
)
def test_fork_fails(scene: Scene) -> None:
    server = scene.serve("TCP", faults="fork* EAGAIN once")
    refused = scene.connect(server)
    refused.ends()  # so that a server that tries fork again may serve it
    refused.hears_all()
    echo.exchanges(scene, scene.connect(server))
    server.program.still_runs()


@check(
    "craft",
    "waits in accept for a client, and in each child in read for its bytes",
    why="A call that blocks costs nothing; waking up to look costs a little, for ever.",
    man=("accept(2)", "read(2)"),
    guide="fork",
    needs=("test_own_process", "test_sleeps"),
)
def test_waits(scene: Scene) -> None:
    server = scene.serve("TCP")
    waits_in(scene, server, ACCEPT, "accept")
    clients = served(scene, server, 3)
    waits_in(scene, server, ACCEPT, "accept", readers=len(clients))


@check(
    "craft",
    "takes its children along when SIGTERM ends it",
    why="A signal reaches one process only; children that live on serve clients of a dead server.",
    man=("prctl(2)", "kill(2)", "signal(7)"),
    guide="ending-together",
    needs=("test_own_process",),
)
def test_sigterm(scene: Scene) -> None:
    server = scene.serve("TCP")
    clients = served(scene, server, 3)
    server.program.stops_on(SIGTERM)
    server.program.step("leaves no process behind")
    server.program.must_soon(
        lambda: not family(server)[1],
        "no process",
        lambda: f"{len(family(server)[1])} children live on",
    )
    for client in clients:
        client.hears_all()


@check(
    "craft",
    f"has nothing left of {TURNS} clients that came and went",
    why="A server runs for months: one forgotten descriptor or zombie a client ends it in days.",
    man=("close(2)", "waitpid(2)", "getrlimit(2)"),
    guide="zombies",
    needs=("test_next_client", "test_no_zombies"),
)
def test_nothing_left(scene: Scene) -> None:
    server = scene.serve("TCP")
    before = 0
    for number in range(TURNS):
        client = scene.connect(server, "a client")
        client.says(b"%d" % number)
        client.hears(b"%d" % number)
        echo.leaves(client)
        if number == 0:
            before = len(processes.descriptors(family(server)[0]))
    server.program.step("has no child any more")
    server.program.must_soon(
        lambda: not family(server)[1],
        "no process but the first",
        lambda: f"{len(living(server))} children, and {count(len(zombies(server)), 'zombie')}",
    )
    echo.holds_no_more(server, before, "its first client")


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
    guide="listen",
    needs=("test_killed_child",),
)
def test_restarts(scene: Scene) -> None:
    server = scene.serve("TCP")
    [client] = served(scene, server, 1)
    scene.timeline.step("the lab", "kills the child that serves it, which ends the connection")
    os.kill(child_of(server, client), SIGKILL)
    client.hears_end()
    client.closes()
    server.program.stops_on(SIGTERM)
    scene.serve("TCP", port=server.port)


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
