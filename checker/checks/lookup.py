"""What a lookup printed: a canonical name, and addresses."""

from __future__ import annotations

import re
from collections import Counter
from ipaddress import IPv4Address

from checker.scene import Host, Scene
from checker.text import escape

NAME = "canonical hostname: "
ADDRESS = re.compile(r"internet address: (\S+)(?: \((.*)\))?")
SHOWN = 6
"""Lines, or addresses, in a failure."""
WIDTH = 280
"""Characters of a line in a failure: the longest name fits."""


class LookUp:
    """The program, started for that host, and its lines, once it has ended by itself."""

    def __init__(self, scene: Scene, host: str) -> None:
        self.program = scene.start(host=host)
        ending = self.program.exits()
        self.program.must(ending.signal is None, "the program to end by itself", f"it {ending}")
        lines = bytes(self.program.program.stdout).split(b"\n")
        self.lines = [escape(line.rstrip()) for line in lines if line.strip()]

    def names(self, host: str) -> None:
        """One canonical name is printed, and it is this one."""
        line = NAME + host
        self.program.step("prints the canonical name")
        named = [text for text in self.lines if text.startswith(NAME)]
        self.program.must(named == [line], f"`{line}`", self._printed())

    def has_address(self, address: str) -> None:
        """It is among the addresses."""
        self.program.step(f"prints `internet address: {address} (…)`")
        self.program.must(address in self._addresses(), f"address {address}", self._printed())

    def has_addresses(self, addresses: list[str]) -> None:
        """Exactly these are printed, in any order, each once."""
        self.program.step(f"prints {len(addresses)} of `internet address: …`")
        got, wanted = Counter(self._addresses()), Counter(addresses)
        slips = [f"{address} is missing" for address in wanted - got]
        slips += [f"{a} is there {n} times" for a, n in got.items() if a in wanted and n > 1]
        slips += [f"{address} is none of its addresses" for address in got if address not in wanted]
        more = f"; {len(slips) - SHOWN} more" if len(slips) > SHOWN else ""
        tail = ", …" if len(addresses) > SHOWN else ""
        wish = "each once: " + ", ".join(addresses[:SHOWN]) + tail
        self.program.must(not slips, wish, "; ".join(slips[:SHOWN]) + more)

    def has_hexadecimal(self, address: str) -> None:
        """Behind this address is the same as a number."""
        line = f"internet address: {address} ({_hexadecimal(address)})"
        self.program.step(f"prints `{line}`")
        got = [text.lower() for text in self.lines]
        self.program.must(line.lower() in got, f"`{line}`", self._printed())

    def has_printed_only(self, host: Host) -> None:
        """The name of this host, its one address, and nothing else."""
        address = f"internet address: {host.address} ({_hexadecimal(host.address)})"
        wanted = [NAME + host.name, address]
        self.program.step("prints these two lines and nothing else")
        same = "\n".join(self.lines).lower() == "\n".join(wanted).lower()
        self.program.must(same, "\n".join(wanted), self._printed())

    def _addresses(self) -> list[str]:
        matches = [ADDRESS.fullmatch(line) for line in self.lines]
        return [match[1] for match in matches if match]

    def _printed(self) -> str:
        """What a failure shows of its output."""
        if not self.lines:
            return f"nothing on standard output; {self.program.gone()}"
        more = [f"and {len(self.lines) - SHOWN} more lines"] if len(self.lines) > SHOWN else []
        return "\n".join([line[:WIDTH] for line in self.lines[:SHOWN]] + more)


def _hexadecimal(address: str) -> str:
    return f"{int(IPv4Address(address)):08X}"
