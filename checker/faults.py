"""Fault plans in words. Grammar and effect are checker/native/observer/faults.hpp's."""

from __future__ import annotations

import re

FAMILIES = {
    "send*": "write or send",
    "recv*": "read or recv",
    "accept*": "accept",
    "fork*": "fork",
    "wait*": "waitpid",
    "poll*": "select or poll",
}


def rules(plan: str) -> list[str]:
    return [rule.strip() for rule in re.split("[;\n]", plan) if rule.strip()]


def call(rule: str) -> str:
    """The call that it is about."""
    name = rule.split()[0]
    return FAMILIES.get(name, name)


def first_time(rule: str) -> int:
    """The number of the first call that the rule strikes, from 1."""
    times = re.search(r"\bon calls? ([\d,]+)", rule)
    return min(int(number) for number in times[1].split(",")) if times else 1


def sentence(rule: str) -> str:
    """What the lab does to the program: `makes call 2 of write or send pass at most 3 bytes`."""
    _, what, *rest = rule.split()
    if what == "short":
        size, *rest = rest
        what = f"pass at most {size} byte" + ("" if size == "1" else "s")
    else:
        what = f"fail with {what}"
    when = {"once": "the first call of", "always": "each call of", "": "each call of"}
    words = " ".join(rest)
    which = when.get(words) or _listed(words.removeprefix("on ")) + " of"
    return f"makes {which} {call(rule)} {what}"


def _listed(numbers: str) -> str:
    """`calls 1,2,4` as `calls 1, 2 and 4`."""
    start, comma, last = numbers.rpartition(",")
    return start.replace(",", ", ") + " and " + last if comma else last
