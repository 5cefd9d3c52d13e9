"""The arena's name server."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

from dnslib import AAAA, CNAME, PTR, QTYPE, RCODE, RR, A, DNSRecord
from dnslib.server import (
    BaseResolver,
    DNSHandler,
    DNSLogger,
    DNSServer,
    TCPServer,
    UDPServer,
)

LARGEST_ANSWER = 512
"""Bytes of an answer over UDP (RFC 1035)."""


@dataclass
class _Zone(BaseResolver):  # type: ignore[misc]  # dnslib is untyped
    addresses: dict[str, list[str]] = field(default_factory=dict)
    ipv6: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def resolve(self, request: DNSRecord, handler: Any) -> DNSRecord:  # noqa: ARG002  # dnslib's
        name = str(request.q.qname).rstrip(".").lower()
        kind = QTYPE[request.q.qtype]
        self.asked.append(f"{kind} {name}")
        if name in self.silent:
            raise TimeoutError(name)
        reply = request.reply()
        if name in self.failing:
            reply.header.rcode = RCODE.SERVFAIL
            return reply
        if name in self.hosts and kind == "PTR":
            reply.add_answer(RR(name, QTYPE.PTR, rdata=PTR(self.hosts[name]), ttl=0))
            return reply
        if name in self.aliases:
            target = self.aliases[name]
            reply.add_answer(RR(name, QTYPE.CNAME, rdata=CNAME(target), ttl=0))
            name = target
        if name not in self.addresses and name not in self.ipv6:
            reply.header.rcode = RCODE.NXDOMAIN
        elif kind == "A":
            for address in self.addresses.get(name, []):
                reply.add_answer(RR(name, QTYPE.A, rdata=A(address), ttl=0))
        elif kind == "AAAA":
            for address in self.ipv6.get(name, []):
                reply.add_answer(RR(name, QTYPE.AAAA, rdata=AAAA(address), ttl=0))
        return reply


class _Handler(DNSHandler):  # type: ignore[misc]  # dnslib is untyped
    def handle(self) -> None:
        """Over TCP one connection carries several questions, as getaddrinfo(3) sends them."""
        if self.server.socket_type != socket.SOCK_STREAM:
            super().handle()
            return
        self.protocol = "tcp"
        with self.request.makefile("rb") as questions:
            while len(size := questions.read(2)) == 2:
                reply = self.get_reply(questions.read(int.from_bytes(size, "big")))
                self.request.sendall(len(reply).to_bytes(2, "big") + reply)

    def get_reply(self, data: bytes) -> bytes:
        """Over UDP, an answer that fits no datagram says so (TC), and is asked for over TCP."""
        reply: bytes = super().get_reply(data)
        if self.protocol == "tcp" or len(reply) <= LARGEST_ANSWER:
            return reply
        truncated = DNSRecord.parse(data).reply()
        truncated.header.tc = 1
        return bytes(truncated.pack())


class _QuietLogger(DNSLogger):  # type: ignore[misc]  # dnslib is untyped
    def __init__(self) -> None:
        super().__init__(log="", logf=lambda _: None)


class _Quiet:
    over = False

    def serve_forever(self, poll_interval: float = 0) -> None:  # noqa: ARG002  # socketserver's
        """Until the first question after `over` has become true."""
        while not self.over:
            self.handle_request()  # type: ignore[attr-defined]  # the server's

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A silent name server is meant to fail here."""


class _QuietUdp(_Quiet, UDPServer):  # type: ignore[misc]  # dnslib is untyped
    pass


class _QuietTcp(_Quiet, TCPServer):  # type: ignore[misc]  # dnslib is untyped
    pass


class NameServer:
    """Answers what the check has told it to; every other name does not exist (RFC 1035)."""

    ADDRESS = "127.0.0.53"

    def __init__(self) -> None:
        self._zone = _Zone()
        self._servers: list[DNSServer] = []

    def start(self) -> None:
        """Serves UDP and TCP, for answers that fit no datagram, from threads of its own."""
        for tcp in (False, True):
            server = DNSServer(
                self._zone,
                address=self.ADDRESS,
                port=53,
                tcp=tcp,
                logger=_QuietLogger(),
                handler=_Handler,
                server=_QuietTcp if tcp else _QuietUdp,
            )
            server.start_thread()
            self._servers.append(server)

    def stop(self) -> None:
        """Ends the threads; to be called where they serve."""
        for server in self._servers:
            server.server.over = True
            with socket.socket(type=server.server.socket_type) as last:
                last.connect((self.ADDRESS, 53))
                last.send(b"")
            server.thread.join()
            server.server.server_close()

    def host(self, name: str, *addresses: str, ipv6: tuple[str, ...] = ()) -> None:
        """`name` has these addresses, and none of the other family."""
        if addresses:
            self._zone.addresses[name.lower()] = list(addresses)
        if ipv6:
            self._zone.ipv6[name.lower()] = list(ipv6)

    def alias(self, name: str, canonical: str) -> None:
        """`name` is another name for `canonical`."""
        self._zone.aliases[name.lower()] = canonical

    def reverse(self, address: str, name: str) -> None:
        """The IPv4 `address` has the name `name`."""
        self._zone.hosts[".".join(reversed(address.split("."))) + ".in-addr.arpa"] = name

    def fails_for(self, name: str) -> None:
        """Questions about `name` are answered SERVFAIL."""
        self._zone.failing.add(name.lower())

    def ignores(self, name: str) -> None:
        """Questions about `name` get no answer."""
        self._zone.silent.add(name.lower())

    def asked(self) -> list[str]:
        """The questions so far, each as `TYPE name`."""
        return list(self._zone.asked)
