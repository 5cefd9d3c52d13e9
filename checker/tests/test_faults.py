"""Fault plans in words."""

from __future__ import annotations

import pytest

from checker.faults import call, first_time, rules, sentence


@pytest.mark.parametrize(
    ("plan", "found"),
    [
        ("", []),
        (" ; \n", []),
        ("accept EINTR once", ["accept EINTR once"]),
        ("recv* short 3; send* short 2", ["recv* short 3", "send* short 2"]),
        ("\nfork EAGAIN\n accept EMFILE ;", ["fork EAGAIN", "accept EMFILE"]),
    ],
)
def test_a_plan_is_rules_between_semicolons_or_line_ends(plan: str, found: list[str]) -> None:
    assert rules(plan) == found


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("getaddrinfo EAI_AGAIN", "getaddrinfo"),
        ("send* short 3", "write or send"),
        ("recv* EINTR", "read or recv"),
        ("accept* EINTR", "accept"),
        ("wait* EINTR", "waitpid"),
        ("poll* EINTR", "select or poll"),
        ("fork* EAGAIN", "fork"),
    ],
)
def test_a_family_of_calls_has_the_names_that_a_student_knows(rule: str, name: str) -> None:
    assert call(rule) == name


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("accept EINTR", 1),
        ("accept EINTR once", 1),
        ("accept EINTR always", 1),
        ("accept EINTR on call 3", 3),
        ("recv* short 3 on calls 12,5", 5),
    ],
)
def test_the_first_call_that_a_rule_strikes_is_known(rule: str, first: int) -> None:
    assert first_time(rule) == first


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("accept* EINTR once", "makes the first call of accept fail with EINTR"),
        ("socket EMFILE", "makes each call of socket fail with EMFILE"),
        ("socket EMFILE always", "makes each call of socket fail with EMFILE"),
        ("fork EAGAIN on call 2", "makes call 2 of fork fail with EAGAIN"),
        ("recv* EINTR on calls 1,3", "makes calls 1 and 3 of read or recv fail with EINTR"),
        ("send* short 1", "makes each call of write or send pass at most 1 byte"),
        ("read short 3 on call 2", "makes call 2 of read pass at most 3 bytes"),
    ],
)
def test_a_rule_is_told_as_a_sentence(rule: str, said: str) -> None:
    assert sentence(rule) == said
