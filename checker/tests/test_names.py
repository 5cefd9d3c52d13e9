from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from dnslib import QTYPE, RCODE, DNSRecord

from checker.arena import Arena
from checker.names import NameServer
from checker.scene import Scene
from checker.tests.inside import in_arena, on_stage
from checker.tests.programs import program

pytestmark = pytest.mark.usefixtures("private_arena")

RESOLVES = r"""
  addrinfo hints{}, *found;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_CANONNAME;
  int error = getaddrinfo(argv[1], nullptr, &hints, &found);
  if (error) return puts(gai_strerror(error)), 1;
  puts(found->ai_canonname);
  for (; found; found = found->ai_next) {
    char text[100];
    getnameinfo(found->ai_addr, found->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
    puts(text);
  }
"""


def names_of(arena: Arena) -> NameServer:
    assert arena.names is not None
    return arena.names


def ask(name: str, kind: str = "A", tcp: bool = False, seconds: float = 5) -> DNSRecord:
    question = DNSRecord.question(name, kind)
    return DNSRecord.parse(question.send(NameServer.ADDRESS, 53, tcp=tcp, timeout=seconds))


def answers(reply: DNSRecord) -> list[str]:
    return [f"{QTYPE[answer.rtype]} {answer.rdata}" for answer in reply.rr]


def resolved(host: str, tell: Callable[[NameServer], object] = id) -> list[str]:
    """What a program prints that looks up `host`, once the name server has been told."""

    def act(scene: Scene) -> list[str]:
        tell(scene.names)
        return scene.start(host=host).prints_lines(within=10)

    return on_stage(program(RESOLVES), act, "{host}")


def test_a_host_has_its_addresses_in_their_order() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).host("tejo.lab.test", "10.0.0.7", "10.0.0.6")
        return answers(ask("tejo.lab.test"))

    assert in_arena(work) == ["A 10.0.0.7", "A 10.0.0.6"]


def test_a_host_of_one_family_exists_but_has_no_address_of_the_other() -> None:
    def work(arena: Arena) -> tuple[int, list[str], list[str]]:
        names_of(arena).host("six.lab.test", ipv6=("fd00::7",))
        other = ask("six.lab.test", "A")
        return other.header.rcode, answers(other), answers(ask("six.lab.test", "AAAA"))

    assert in_arena(work) == (RCODE.NOERROR, [], ["AAAA fd00::7"])


def test_an_alias_leads_to_its_canonical_name() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).host("real.lab.test", "10.0.0.7")
        names_of(arena).alias("nick.lab.test", "real.lab.test")
        return answers(ask("nick.lab.test"))

    assert in_arena(work) == ["CNAME real.lab.test.", "A 10.0.0.7"]


def test_names_have_no_case() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).host("Tejo.Lab.test", "10.0.0.7")
        return answers(ask("tEJO.lab.TEST"))

    assert in_arena(work) == ["A 10.0.0.7"]


def test_a_name_that_nobody_told_it_does_not_exist() -> None:
    assert in_arena(lambda _: ask("nobody.lab.test").header.rcode) == RCODE.NXDOMAIN


def test_a_question_can_be_made_to_fail() -> None:
    def work(arena: Arena) -> int:
        names_of(arena).fails_for("broken.lab.test")
        return int(ask("broken.lab.test").header.rcode)

    assert in_arena(work) == RCODE.SERVFAIL


@pytest.mark.parametrize("tcp", [False, True])
def test_a_question_can_be_left_without_an_answer(tcp: bool) -> None:
    def work(arena: Arena) -> str:
        names_of(arena).ignores("silent.lab.test")
        try:
            ask("silent.lab.test", tcp=tcp, seconds=0.1)
        except Exception as error:
            return type(error).__name__
        return "an answer"

    assert in_arena(work) != "an answer"


def test_an_address_has_its_name() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).reverse("10.0.0.7", "tejo.lab.test")
        return answers(ask("7.0.0.10.in-addr.arpa", "PTR"))

    assert in_arena(work) == ["PTR tejo.lab.test."]


def test_forty_addresses_come_over_tcp() -> None:
    addresses = [f"10.0.{number}.1" for number in range(40)]

    def work(arena: Arena) -> list[str]:
        names_of(arena).host("many.lab.test", *addresses)
        return answers(ask("many.lab.test", tcp=True))

    assert in_arena(work) == [f"A {address}" for address in addresses]


def test_an_answer_that_fits_no_datagram_says_so() -> None:
    def work(arena: Arena) -> tuple[bool, list[str]]:
        names_of(arena).host("many.lab.test", *(f"10.0.{number}.1" for number in range(40)))
        reply = ask("many.lab.test")
        return bool(reply.header.tc), answers(reply)

    assert in_arena(work) == (True, [])


def test_two_questions_over_one_connection_are_both_answered() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).host("both.lab.test", "10.0.0.7", ipv6=("fd00::7",))
        questions = [DNSRecord.question("both.lab.test", kind).pack() for kind in ("A", "AAAA")]
        with socket.create_connection((NameServer.ADDRESS, 53), timeout=5) as client:
            client.sendall(b"".join(len(each).to_bytes(2, "big") + each for each in questions))
            with client.makefile("rb") as replies:
                sizes = (int.from_bytes(replies.read(2), "big") for _ in questions)
                return [line for n in sizes for line in answers(DNSRecord.parse(replies.read(n)))]

    assert in_arena(work) == ["A 10.0.0.7", "AAAA fd00::7"]


def test_questions_are_remembered() -> None:
    def work(arena: Arena) -> list[str]:
        ask("one.lab.test")
        ask("two.lab.test", "AAAA")
        return names_of(arena).asked()

    assert in_arena(work) == ["A one.lab.test", "AAAA two.lab.test"]


def test_rubbish_does_not_end_it() -> None:
    def work(arena: Arena) -> list[str]:
        names_of(arena).host("tejo.lab.test", "10.0.0.7")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hostile:
            for rubbish in (b"", b"\0", b"\xff" * 500, bytes(12), b"\xc0\x0c" * 30):
                hostile.sendto(rubbish, (NameServer.ADDRESS, 53))
        with socket.create_connection((NameServer.ADDRESS, 53)) as hostile:
            hostile.sendall(b"\xff\xff rubbish")
        return answers(ask("tejo.lab.test")) + answers(ask("tejo.lab.test", tcp=True))

    assert in_arena(work) == ["A 10.0.0.7"] * 2


def test_a_program_resolves_an_alias_through_it() -> None:
    def tell(names: NameServer) -> None:
        names.host("real.lab.test", "10.0.0.7")
        names.alias("nick.lab.test", "real.lab.test")

    assert resolved("nick.lab.test", tell) == ["real.lab.test", "10.0.0.7"]


def test_a_program_gets_all_of_forty_addresses() -> None:
    def tell(names: NameServer) -> None:
        names.host("many.lab.test", *(f"10.0.{number}.1" for number in range(40)))

    assert len(resolved("many.lab.test", tell)) == 41


def test_a_program_is_told_that_a_name_does_not_exist() -> None:
    assert resolved("nobody.lab.test") == ["Name or service not known"]


def test_a_program_is_told_that_the_name_server_fails() -> None:
    told = resolved("broken.lab.test", lambda names: names.fails_for("broken.lab.test"))
    assert told == ["Temporary failure in name resolution"]
