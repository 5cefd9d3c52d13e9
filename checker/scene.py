"""Everything one check has: a program to start, peers to play, names, numbers, and the timeline."""

from __future__ import annotations

import shlex
import socket
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from checker import calls
from checker.arena import DEFAULT_HOST, DEFAULT_PORT, Arena, random_host_name
from checker.clock import REPLY, SILENCE, Deadline
from checker.failure import CheckFailed, CheckSkipped
from checker.faults import rules, sentence
from checker.loop import Loop
from checker.peers.datagrams import Datagrams
from checker.peers.listener import Listener
from checker.peers.stream import Stream
from checker.prison import Circumstances, Stdin, Stdout
from checker.program import Program
from checker.subject import Subject
from checker.text import command_line
from checker.timeline import Event, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checker.names import NameServer
    from checker.sockets import Protocol

DEFAULT_MESSAGE = "Hello!\n"
LAST_CALLS = 100
"""Of a program, so many calls are kept in the timeline."""
NEEDS_PLAIN_BUILD = "needs a build without sanitisers"
LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;:-+*/=_"
ANY_LETTER = (LETTERS * 4)[:256]
"""For each byte a letter."""


@dataclass(frozen=True)
class Host:
    """A host of the arena: its name and its IPv4 address."""

    name: str
    address: str


class Scene:
    """One check's world. `template`: the program's arguments, with `{host}`, `{port}` and
    `{message}` where it takes them; `fixed_port`: where a server listens that takes no port."""

    def __init__(
        self,
        arena: Arena,
        binary: Path,
        template: str,
        random: Random,
        fixed_port: int | None = None,
        sanitised: bool = False,
    ) -> None:
        self.arena = arena
        self.random = random
        self.timeline = Timeline()
        self.loop = Loop()
        self.subjects: list[Subject] = []
        self._binary = binary
        self._template = template
        self._fixed_port = fixed_port
        self._sanitised = sanitised
        self._streams = 0
        self._kept: list[socket.socket | Stream] = []
        self._listeners: dict[tuple[str, int], Listener] = {}

    # What varies with the seed

    def bytes(self, size: int) -> bytes:
        """Any bytes, NUL and `%` among them."""
        return self.random.randbytes(size)

    def text(self, size: int) -> str:
        """Printable characters, safe in an argument; no `%`, which has checks of its own."""
        return self.random.randbytes(size).translate(ANY_LETTER).decode()

    def host(self, address: str = "") -> Host:
        """A host that resolves; the textbook's own for a program that takes no host."""
        if not self.arena.private:
            return Host("localhost", "127.0.0.1")
        at = address or self.address()
        name = f"{random_host_name(self.random)}.lab.test"
        if "{host}" not in self._template:
            name = DEFAULT_HOST
        self.names.host(name, at)
        return Host(name, at)

    def unknown_host(self) -> str:
        """A name that does not resolve; the textbook's own for a program that takes no host."""
        known = "{host}" not in self._template
        return DEFAULT_HOST if known else f"{random_host_name(self.random)}.lab.test"

    def rename_host(self, name: str) -> None:
        """Gives the arena's own host this name; never the machine's."""
        if not self.arena.private:
            raise CheckSkipped("needs a host name of its own: see `./lab doctor`")
        self.timeline.step("the lab", f"names this host {name}")
        socket.sethostname(name)
        self.arena.hostname = name

    def address(self) -> str:
        """An address of the arena's that nobody uses yet."""
        low = [self.random.randrange(2, 254) for _ in range(3)]
        return "127." + ".".join(str(part) for part in low)

    def port(self) -> int:
        """A free port; the textbook's own for a program that takes none."""
        if self._fixed_port is not None:
            return self._fixed_port
        if "{port}" not in self._template:
            return DEFAULT_PORT
        if self.arena.private:
            return self.random.randrange(2000, 30000)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])

    def takes(self, name: str) -> bool:
        """Whether the program takes this argument."""
        return f"{{{name}}}" in self._template

    def needs_argument(self, *names: str) -> None:
        """Skips the check for a program that does not take these arguments."""
        for name in names:
            if f"{{{name}}}" not in self._template:
                raise CheckSkipped(f"the program takes no {name} (--args has no {{{name}}})")

    def needs_plain_build(self) -> None:
        """Skips the check under the sanitisers, which need descriptors of their own to look."""
        if self._sanitised:
            raise CheckSkipped(NEEDS_PLAIN_BUILD)

    @property
    def names(self) -> NameServer:
        """The arena's name server; the check is skipped where there is none."""
        if self.arena.names is None:
            raise CheckSkipped("needs a name server of its own: see `./lab doctor`")
        return self.arena.names

    # The program

    def start(
        self,
        stdin: Stdin = "open",
        taken: int = 0,
        faults: str = "",
        stdout: Stdout = "terminal",
        **values: str | int,
    ) -> Subject:
        """Starts the program with these arguments, by the name that the template gives them, with
        every descriptor below `taken` open, and with these faults in its calls."""
        known = {"host": "", "port": DEFAULT_PORT, "message": DEFAULT_MESSAGE, **values}
        arguments = [part.format(**known) for part in shlex.split(self._template)]
        command = command_line([f"./{self._binary.name}", *arguments])
        self.timeline.step("the lab", f"starts {command}")
        if taken:
            self.timeline.step("the lab", f"leaves it no free descriptor below {taken}")
        for rule in rules(faults):
            self.timeline.step("the lab", sentence(rule))
        circumstances = Circumstances(stdin, self._sanitised, taken, faults, stdout)
        program = Program(self.loop, self.arena, self._binary, arguments, circumstances)
        subject = Subject(program, self.loop, self.timeline, faults)
        self.subjects.append(subject)
        return subject

    def serve(
        self,
        protocol: Protocol,
        port: int | None = None,
        stdin: Stdin = "open",
        taken: int = 0,
        faults: str = "",
    ) -> Server:
        """Starts the program as a server, and waits until it listens."""
        where = self.port() if port is None else port
        subject = self.start(stdin, taken, faults, port=where)
        subject.listens(protocol, where)
        return Server(subject, where)

    def gone(self) -> str | None:
        """What became of the program that was started last, if it is over."""
        return self.subjects[-1].gone() if self.subjects else None

    def calls(self) -> Iterator[Event]:
        """What the observer saw of the programs, as far as they still are."""
        start = self.timeline.start
        for subject in self.subjects:
            program, actor = subject.program, subject.actor
            recording = program.recording(LAST_CALLS)
            yield from calls.events(recording, start, actor)
            if program.ending and recording.seen:
                yield calls.end(str(program.ending), program.ended_at - start, actor)

    # The peers

    def connect(self, server: Server, name: str = "") -> Stream:
        """A client's TCP connection to the server."""
        self._streams += 1
        stream_name = name or f"client {self._streams}"
        self.timeline.step(stream_name, f"connects to port {server.port}")
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.settimeout(REPLY)
        try:
            sock.connect(("127.0.0.1", server.port))
        except OSError as error:
            sock.close()
            # A program that is just dying shall not be called running.
            self.loop.wait(lambda: bool(server.program.gone()), Deadline(SILENCE))
            reason = error.strerror or "no answer"
            got = f"connect: {reason}; {server.program.describe()}"
            raise CheckFailed("an established connection", got) from None
        stream = Stream(stream_name, sock, self.loop, self.timeline)
        self._kept.append(stream)  # a client that the check lets go of has not left
        return stream

    def listener(self, host: Host, port: int, backlog: int = 16) -> Listener:
        """A TCP server on that host and port; an earlier one there makes room for it."""
        address = (self._bound(host), port)
        if address in self._listeners:
            self._listeners[address].close()
        listener = Listener(address, self.loop, self.timeline, self.gone, backlog)
        self._listeners[address] = listener
        return listener

    def datagrams(self, name: str, host: Host | None = None, port: int = 0) -> Datagrams:
        """A UDP socket on that host and port, or on some port of 127.0.0.1."""
        address = (self._bound(host) if host else "127.0.0.1", port)
        return Datagrams(name, address, self.loop, self.timeline, self.gone)

    def _bound(self, host: Host) -> str:
        """A program with its host compiled in may also have its address compiled in."""
        return host.address if "{host}" in self._template else "0.0.0.0"

    def keep(self, sock: socket.socket | Stream) -> None:
        """Keeps it open until the check is over."""
        self._kept.append(sock)

    def close(self) -> None:
        """Ends everything that was started."""
        for subject in self.subjects:
            subject.program.stop()


@dataclass
class Server:
    """The program as a server: `program` makes the demands, `port` is where it listens."""

    program: Subject
    port: int
