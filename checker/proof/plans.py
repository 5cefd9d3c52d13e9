"""Random fault plans: what the real calls of a task's program might do, as their manual pages say.

Only what may go wrong for ever is made to: a program that tries an interrupted call again does
right, and would never end if every try were interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SHORT = "short"
LONGEST = 4096
"""Bytes that the mildest of short transfers lets pass."""
MOST_RULES = 4
MOST_TIMES = 6
USUAL_TIME = 3
"""On which call a fault comes, on the average; early ones are the ones that every program makes."""
SANITISED = 5
"""One plan in so many is tried on the sanitised build."""

Errors = dict[str, tuple[str, ...]]

PASSING = {"EINTR", "EAGAIN", "ECONNABORTED"}
"""What a second try overcomes; but not a second fork."""

RESOLVE: Errors = {
    "getaddrinfo": ("EAI_AGAIN", "EAI_FAIL", "EAI_MEMORY", "EAI_NONAME", "EAI_SYSTEM")
}
SOCKET: Errors = {"socket": ("EACCES", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM")}
OPTION: Errors = {"setsockopt": ("ENOPROTOOPT", "ENOMEM")}
BIND: Errors = {"bind": ("EACCES", "EADDRINUSE", "EADDRNOTAVAIL")}
LISTEN: Errors = {"listen": ("EADDRINUSE",)}
CONNECT: Errors = {
    "connect": ("EINTR", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "EADDRNOTAVAIL", "EACCES")
}
PEER: Errors = {"getpeername": ("ENOTCONN", "ENOBUFS")}
NAME: Errors = {"getnameinfo": ("EAI_AGAIN", "EAI_FAIL", "EAI_MEMORY", "EAI_SYSTEM")}

CLOSE: Errors = {"close": ("EINTR", "EIO")}
SENDTO: Errors = {"sendto": ("EINTR", "EACCES", "EHOSTUNREACH", "ENOBUFS", "ENOMEM")}
RECVFROM: Errors = {"recvfrom": ("EINTR", "ENOMEM")}
ACCEPT: Errors = {
    "accept*": (
        *("EINTR", "ECONNABORTED", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"),
        *("EPROTO", "EPERM", "ENETDOWN", "EHOSTUNREACH"),
    )
}
STREAM: Errors = {
    "recv*": ("EINTR", SHORT, SHORT, "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH"),
    "send*": ("EINTR", SHORT, SHORT, "EPIPE", "ECONNRESET", "ETIMEDOUT", "ENOBUFS"),
}
POLL: Errors = {"poll*": ("EINTR", "EINTR", "ENOMEM")}
FORK: Errors = {"fork*": ("EAGAIN", "ENOMEM"), "wait*": ("ECHILD",)}

CALLER = RESOLVE | SOCKET | OPTION | CONNECT
SERVER = RESOLVE | SOCKET | OPTION | BIND | LISTEN
WAIT_NOT: Errors = {"recv*": ("EAGAIN", *STREAM["recv*"]), "send*": ("EAGAIN", *STREAM["send*"])}
"""Of transfers with MSG_DONTWAIT."""


@dataclass(frozen=True)
class Calls:
    """What a program calls: once, to `begin`, and again and again, in its `work`."""

    begin: Errors
    work: Errors


CALLS = {
    "01": Calls({}, {"gethostname": ("ENAMETOOLONG",)}),
    "02": Calls({}, RESOLVE),
    "03": Calls(RESOLVE | SOCKET, SENDTO | CLOSE),
    "04": Calls(RESOLVE | SOCKET, SENDTO | RECVFROM | CLOSE),
    "05": Calls(RESOLVE | SOCKET, SENDTO | RECVFROM | NAME | CLOSE),
    "06": Calls(CALLER, PEER | NAME | CLOSE),
    "07": Calls(CALLER, STREAM | POLL | CLOSE | {"send*": WAIT_NOT["send*"]}),
    "08": Calls(CALLER, STREAM | POLL | CLOSE),
    "09": Calls(RESOLVE | SOCKET | BIND, SENDTO | RECVFROM | CLOSE),
    "10": Calls(SERVER, ACCEPT | STREAM | CLOSE),
    "11": Calls(SERVER, {"accept*": ("EAGAIN", *ACCEPT["accept*"])} | WAIT_NOT | POLL | CLOSE),
    "12": Calls(SERVER, ACCEPT | STREAM | FORK | CLOSE),
}


@dataclass(frozen=True)
class Plan:
    """`task`: its number; `least`: the bytes that every transfer may move, however short."""

    seed: int
    task: str
    rules: tuple[str, ...]
    least: int
    sanitised: bool

    @property
    def text(self) -> str:
        return "; ".join(self.rules)


def plan(seed: int) -> Plan:
    """The same for the same seed; the more a task's program calls, the more often it is tried."""
    random = Random(seed)
    weights = [len(_all(calls.work)) for calls in CALLS.values()]
    [task] = random.choices(list(CALLS), weights)
    rules, least = [], LONGEST
    for _ in range(random.randint(1, MOST_RULES)):
        call, error = _fault(random, CALLS[task])
        times = _times(random, call, error)
        if error == SHORT:
            size = round(LONGEST ** random.random())
            least = min(least, size)
            error = f"{SHORT} {size}"
        rules.append(f"{call} {error} {times}")
    sanitised = random.randrange(SANITISED) == 0
    return Plan(seed, task, tuple(rules), least, sanitised)


def _fault(random: Random, calls: Calls) -> tuple[str, str]:
    """One of a call. Who cannot begin shows nothing of its work: that is one fault in six."""
    begins = bool(calls.begin) and random.randrange(6) == 0
    return random.choice(_all(calls.begin if begins else calls.work))


def _all(errors: Errors) -> list[tuple[str, str]]:
    return [(call, error) for call, named in sorted(errors.items()) for error in named]


def _times(random: Random, call: str, error: str) -> str:
    passing = error in PASSING and call != "fork*"
    how = random.choice(("once", "on") if passing else ("once", "on", "always"))
    if how != "on":
        return how
    number = random.randint(1, MOST_TIMES)
    times = sorted({1 + int(random.expovariate(1 / USUAL_TIME)) for _ in range(number)})
    return f"on call{'s' * (len(times) > 1)} {','.join(map(str, times))}"
