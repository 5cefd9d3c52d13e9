"""02-getaddrinfo: prints a host's canonical name and its IPv4 addresses."""

from __future__ import annotations

from checker.arena import random_host_name
from checker.check import check
from checker.checks.lookup import LookUp
from checker.checks.tidy import frees_every_list
from checker.scene import Scene
from checker.subject import Subject

NAME = b"canonical hostname"
TRY_AGAIN = "Temporary failure in name resolution"

PATIENCE = 6.0
"""Seconds for a lookup that gets no answer; the arena's resolver gives up after one."""


@check(
    "core",
    "prints the host's canonical name",
    why="getaddrinfo finds the name only when its hints hold AI_CANONNAME, in the first entry.",
    man=("getaddrinfo(3)",),
    guide="look-up",
)
def test_prints_canonical_name(scene: Scene) -> None:
    host = scene.host()
    LookUp(scene, host.name).names(host.name)


@check(
    "core",
    "prints the host's address",
    why="The address lies in sin_addr, inside the sockaddr that ai_addr points to.",
    man=("inet_ntop(3)", "ip(7)"),
    guide="addresses",
    needs=("test_prints_canonical_name",),
)
def test_prints_address(scene: Scene) -> None:
    host = scene.host(_any_address(scene))
    LookUp(scene, host.name).has_address(host.address)


@check(
    "core",
    "prints the address as a hexadecimal number too, in this host's byte order",
    why="An address travels with its first part first; ntohl makes it a number that this host can "
    "reckon with.",
    man=("ntohl(3)", "printf(3)"),
    guide="byte-order",
    needs=("test_prints_address",),
)
def test_hexadecimal(scene: Scene) -> None:
    parts = scene.random.sample(range(128, 224), 4)
    host = scene.host(".".join(map(str, parts)))
    LookUp(scene, host.name).has_hexadecimal(host.address)


@check(
    "core",
    "prints all eight hexadecimal digits, zeros included",
    why="Without its leading zeros A000007 no longer shows which digits are which byte.",
    man=("printf(3)",),
    guide="byte-order",
    needs=("test_hexadecimal",),
    private=True,
)
def test_eight_digits(scene: Scene) -> None:
    low = scene.random.randrange(1, 16)
    for address in (f"{low}.0.0.{scene.random.randrange(16)}", f"{low}.250.0.{low + 40}"):
        host = scene.host(address)
        LookUp(scene, host.name).has_hexadecimal(address)


@check(
    "core",
    "prints the canonical name of an alias, not the alias",
    why="A host may go by many names (www, mail); the canonical one is its own.",
    man=("getaddrinfo(3)",),
    guide="look-up",
    needs=("test_prints_canonical_name",),
    private=True,
)
def test_alias(scene: Scene) -> None:
    alias = scene.unknown_host()
    canonical = f"{random_host_name(scene.random)}.servers.test"
    scene.names.host(canonical, scene.address())
    scene.names.alias(alias, canonical)
    _name_server(scene, f"answers that {alias} is an alias of {canonical}")
    LookUp(scene, alias).names(canonical)


@check(
    "core",
    "prints every address of the host, each once",
    why="The result is a list: follow ai_next to its end. Without a socket type in the hints each "
    "address is in it three times.",
    man=("getaddrinfo(3)",),
    guide="addresses",
    needs=("test_prints_address",),
    private=True,
)
def test_every_address(scene: Scene) -> None:
    _finds_all(scene, scene.random.randrange(3, 7))


@check(
    "core",
    "prints no line for an IPv6 address of the host",
    why="An IPv6 address is larger and lies elsewhere: AF_INET in the hints leaves it out.",
    man=("getaddrinfo(3)", "ipv6(7)"),
    guide="look-up",
    needs=("test_prints_address",),
    private=True,
)
def test_ipv4_only(scene: Scene) -> None:
    name, address = scene.unknown_host(), _any_address(scene)
    ipv6 = f"2001:db8::{scene.random.randrange(1, 9999)}"
    scene.names.host(name, address, ipv6=(ipv6,))
    _name_server(scene, f"answers that {name} has {address} and {ipv6}")
    LookUp(scene, name).has_addresses([address])


@check(
    "core",
    "prints the name first, then the addresses, and nothing else",
    why="Programs are read by other programs too, and they count on the form.",
    man=("printf(3)",),
    guide="addresses",
    needs=("test_hexadecimal",),
    private=True,
)
def test_nothing_else(scene: Scene) -> None:
    host = scene.host(_any_address(scene))
    LookUp(scene, host.name).has_printed_only(host)


@check(
    "core",
    "exits with status 0 when the host was found",
    why="Whoever started it learns from the exit status whether it succeeded: 0 means yes.",
    man=("exit(3)",),
    guide="look-up",
    needs=("test_prints_canonical_name",),
)
def test_succeeds(scene: Scene) -> None:
    scene.start(host=scene.host().name).succeeds()


@check(
    "core",
    "notices that there is no such host",
    why="When getaddrinfo fails it makes no list; a program that goes on reads from nowhere.",
    man=("getaddrinfo(3)",),
    guide="not-found",
    needs=("test_prints_canonical_name",),
    private=True,
)
def test_unknown_host(scene: Scene) -> None:
    name = scene.unknown_host()
    _name_server(scene, f"answers that there is no {name}")
    scene.start(host=name).notices_failure(claims=NAME)


@check(
    "core",
    "makes no memory error with a long name and long addresses",
    why="A name may have 253 characters, an address 15, and each needs one more for its NUL.",
    man=("inet_ntop(3)", "getaddrinfo(3)"),
    guide="addresses",
    needs=("test_prints_address", "test_alias"),
    build="sanitised",
    private=True,
)
def test_memory(scene: Scene) -> None:
    alias = scene.unknown_host()
    canonical = ".".join(random_host_name(scene.random, 62) for _ in range(4))
    scene.names.host(canonical, *_many(scene, 4))
    scene.names.alias(alias, canonical)
    found = LookUp(scene, alias)
    found.program.has_no_memory_error()
    found.names(canonical)


@check(
    "craft",
    "reports an unknown host in the standard form",
    why="These errors are not in errno: perror would tell of something else.",
    man=("gai_strerror(3)",),
    guide="not-found",
    needs=("test_unknown_host",),
    private=True,
)
def test_reports_unknown_host(scene: Scene) -> None:
    name = scene.unknown_host()
    _name_server(scene, f"answers that there is no {name}")
    scene.start(host=name).reports("getaddrinfo", "Name or service not known")


@check(
    "craft",
    "reports a name server that fails",
    why="EAI_NONAME is one failure among several: whatever is not 0 is one.",
    man=("getaddrinfo(3)", "gai_strerror(3)"),
    guide="not-found",
    needs=("test_reports_unknown_host",),
    private=True,
)
def test_failing_name_server(scene: Scene) -> None:
    name = scene.unknown_host()
    scene.names.fails_for(name)
    _name_server(scene, f"cannot tell about {name} (SERVFAIL)")
    scene.start(host=name).reports("getaddrinfo", TRY_AGAIN)


@check(
    "craft",
    "reports a name server that gives no answer, in bounded time",
    why="The resolver itself has asked again and waited; who asks it again waits all that again.",
    man=("getaddrinfo(3)", "resolv.conf(5)"),
    guide="not-found",
    needs=("test_reports_unknown_host",),
    private=True,
)
def test_silent_name_server(scene: Scene) -> None:
    name = scene.unknown_host()
    scene.names.ignores(name)
    _name_server(scene, f"does not answer when it is asked for {name}")
    scene.start(host=name).reports("getaddrinfo", TRY_AGAIN, within=PATIENCE)


@check(
    "craft",
    "prints all of 40 addresses",
    why="Nothing limits how many addresses a host has: a large service has dozens.",
    man=("getaddrinfo(3)",),
    guide="addresses",
    needs=("test_every_address",),
    private=True,
)
def test_many_addresses(scene: Scene) -> None:
    _finds_all(scene, 40)


@check(
    "craft",
    "frees the list that it got, however many addresses are in it",
    why="getaddrinfo takes memory for its list, and only freeaddrinfo gives it back: a program "
    "that looks up names for months runs out of it.",
    man=("getaddrinfo(3)",),
    guide="addresses",
    needs=("test_every_address",),
    private=True,
)
def test_frees_list(scene: Scene) -> None:
    frees_every_list(LookUp(scene, scene.host().name).program)
    frees_every_list(_finds_all(scene, scene.random.randrange(3, 7)))


def _finds_all(scene: Scene, number: int) -> Subject:
    """The program, which has printed all of so many addresses."""
    name, addresses = scene.unknown_host(), _many(scene, number)
    scene.names.host(name, *addresses)
    _name_server(scene, f"answers that {name} has {number} addresses")
    found = LookUp(scene, name)
    found.has_addresses(addresses)
    return found.program


def _any_address(scene: Scene) -> str:
    """Of the greatest length, and not an address that anybody would guess."""
    return ".".join(str(part) for part in scene.random.sample(range(100, 224), 4))


def _many(scene: Scene, number: int) -> list[str]:
    """Different ones."""
    found: set[str] = set()
    while len(found) < number:
        found.add(_any_address(scene))
    return sorted(found)


def _name_server(scene: Scene, answer: str) -> None:
    scene.timeline.step("the name server", answer)
