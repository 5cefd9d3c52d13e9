"""Who looks alike: a copy in disguise does, two who had the same task and skeleton do not."""

import re
from pathlib import Path

import pytest

from checker import catalog
from checker.grading.gradebook import Student
from checker.grading.handed_in import Submission
from checker.grading.ledger import Ledger
from checker.grading.similar import Pair, compare, similar
from checker.reports.console import console
from checker.source import Source, UnusableSourceError

TASK = catalog.find("10")
SOLUTION = TASK.solution.read_text()

INDEPENDENT = r"""
#include <arpa/inet.h>
#include <cstdio>
#include <cstdlib>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  here.sin_port = htons(atoi(argc > 1 ? argv[1] : "58001"));
  int s = socket(AF_INET, SOCK_STREAM, 0);
  if (s == -1) { perror("socket"); exit(1); }
  if (bind(s, (struct sockaddr *)&here, sizeof here) == -1) { perror("bind"); exit(1); }
  if (listen(s, 5) == -1) { perror("listen"); exit(1); }
  for (;;) {
    int c = accept(s, nullptr, nullptr), n;
    char text[128];
    while ((n = read(c, text, sizeof text)) > 0)
      for (int w, at = 0; at < n; at += w)
        if ((w = write(c, text + at, n - at)) <= 0) { perror("write"); exit(1); }
    close(c);
  }
}
"""


def program(text: str) -> Source:
    return Source(TASK.slug, {"main.cpp": text.encode()}, ("main.cpp",))


def disguised(text: str) -> str:
    """Other names, another layout, and a comment."""
    for name in ("listener", "client", "buffer", "count"):
        text = re.sub(rf"\b{name}\b", f"my_{name}_x", text)
    return "// all my own work\n" + text.replace("  ", "\t").replace(" {\n", "\n{\n")


def test_a_copy_in_disguise_is_found() -> None:
    sources = [program(SOLUTION), program(disguised(SOLUTION))]
    (pair,), short = compare(TASK, sources, [["ann"], ["bob"]])
    assert pair.score >= 90
    assert (pair.one, pair.other, short) == ("ann", "bob", 0)


def test_the_same_source_is_the_same_whoever_hands_it_in() -> None:
    pairs, _ = compare(TASK, [program(SOLUTION)], [["ann", "bob"]])
    assert pairs == [Pair(100, TASK.slug, "ann", "bob")]


def test_two_who_wrote_it_themselves_are_no_pair() -> None:
    sources = [program(SOLUTION), program(INDEPENDENT)]
    assert compare(TASK, sources, [["ann"], ["bob"]]) == ([], 0)


def test_what_the_skeleton_gave_makes_nobody_alike() -> None:
    skeleton = TASK.skeleton.read_text()
    sources = [program(skeleton), program(skeleton + "\n// I gave up\n")]
    assert compare(TASK, sources, [["ann"], ["bob", "cy"]]) == ([], 3)


def test_a_huge_program_hides_no_pair_of_others() -> None:
    huge = "int f() { return 1 + 2; }\n" * 100_000
    sources = [program(huge), program(SOLUTION), program(disguised(SOLUTION))]
    pairs, _ = compare(TASK, sources, [["eve"], ["ann"], ["bob"]])
    assert [(pair.one, pair.other) for pair in pairs] == [("ann", "bob")]


def test_it_reads_the_class_from_where_it_was_graded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = {"ann": SOLUTION, "bob": disguised(SOLUTION), "cy": TASK.skeleton.read_text()}
    with Ledger(tmp_path) as ledger:
        ledger.enrol(
            [
                Submission(student=Student(id=who, name=who), sources={TASK.slug: program(text)})
                for who, text in texts.items()
            ]
        )
    assert similar(tmp_path, console()) == 0
    shown = capsys.readouterr()
    assert re.search(r"\d+ % +10-tcp-server +ann +bob", shown.out)
    assert "cy" not in shown.out
    assert "1 program left out" in shown.err


def test_without_the_tool_it_names_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnusableSourceError, match="apt-get install similarity-tester"):
        similar(tmp_path, console())
