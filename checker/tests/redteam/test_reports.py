"""A class with a forger in it, graded with `./lab grade`: what every file for an instructor, a
student or a platform says, and what else has changed."""

from __future__ import annotations

import base64
import csv
import json
import unicodedata
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from checker import catalog
from checker.tests.command import lab
from checker.tests.handed import manifest, put, tar
from checker.tests.redteam.attack import PROGRAMS

FORGER, INJECTOR, HONEST = "forger", '=HYPERLINK("http://owned.example/")', "honest"
NAME = "<script>alert('owned')</script>`[owned](http://owned.example/)`"
TASK = "01-gethostname"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`in`, and `out` with the reports."""
    place = tmp_path_factory.mktemp("class")
    helper = {f"{TASK}/honest.hpp": (PROGRAMS / "honest.hpp").read_bytes()}

    def hand_in(student: str, source: bytes, name: str = "main.cpp") -> None:
        files = {"manifest.json": manifest(student, NAME), f"{TASK}/{name}": source, **helper}
        put(place / "in", {f"{len(list((place / 'in').glob('*')))}.tar.gz": tar(files)})

    (place / "in").mkdir()
    hand_in(HONEST, catalog.find(TASK).solution.read_bytes())
    hand_in(FORGER, (PROGRAMS / "forged_output.cpp").read_bytes())
    evil = "<img src=x onerror=alert(1)>\n::error::owned\x1b[31m ##[error]owned.cpp"
    hand_in(INJECTOR, (PROGRAMS / "injects.cpp").read_bytes(), evil)
    before = {path: path.stat().st_mtime_ns for path in place.rglob("*")}
    ended = lab("grade", "in", "--out", "out", "--tasks", "1", "--seed", "1", at=place)
    assert (ended.status, ended.err) == (0, "")
    assert obeyed(ended.out) == set()
    outside = {path for path in place.rglob("*") if (place / "out") not in [path, *path.parents]}
    assert {path: path.stat().st_mtime_ns for path in outside} == before
    return place


@pytest.fixture
def out(place: Path) -> Path:
    return place / "out"


def obeyed(text: str) -> set[str]:
    """Characters that do something else than to be seen."""
    return {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Cs")} - {"\n"}


def forged(out: Path, name: str) -> str:
    return (out / name.format(FORGER)).read_text()


def test_nobody_gets_another_grade_than_was_earned(out: Path) -> None:
    rows = list(csv.DictReader((out / "grades.csv").open()))
    points = {row["id"].lstrip("'"): (row["points"], row[f"{TASK} points"]) for row in rows}
    assert points == {HONEST: ("80", "80"), FORGER: ("0", "0"), INJECTOR: ("0", "0")}


def test_no_platform_reads_a_forged_point(out: Path) -> None:
    assert json.loads(forged(out, "gradescope/{}.json"))["tests"][0]["score"] == 0
    assert json.loads(forged(out, "autolab/{}.txt").splitlines()[-1]) == {"scores": {TASK: 0}}
    assert json.loads(forged(out, "prairielearn/{}.json"))["score"] == 0
    tests = json.loads(forged(out, "ctrf/{}.json"))["results"]["tests"]
    assert [test["name"] for test in tests if test["status"] == "passed"] == ["compiles"]
    suites = ElementTree.fromstring(forged(out, "junit/{}.xml"))
    assert suites.findall(".//testcase/failure") != []
    variable, _, encoded = forged(out, "github-classroom/{}.env").strip().partition("=")
    results = json.loads(base64.b64decode(encoded))
    assert (variable, results["tests"][0]["score"]) == ("LOOPBACK_RESULTS", 0)
    notices = forged(out, "github-classroom/{}.txt").splitlines()
    assert [line.rpartition("::")[2] for line in notices] == [
        "Points 0/80",
        '{"totalPoints":0,"maxPoints":80}',
    ]


def test_no_cell_is_a_formula(out: Path) -> None:
    for name in ("grades.csv", "canvas.csv", "moodle.csv"):
        with (out / name).open(newline="") as file:
            cells = [cell.lstrip() for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert any("HYPERLINK" in cell for cell in cells)


class Page(HTMLParser):
    """What a browser would do something with."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.active: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "img", "iframe", "object", "form"):
            self.active.append(tag)
        for name, value in attributes:
            leads_out = name in ("href", "src") and ":" in (value or "")
            if name.startswith("on") or leads_out:
                self.active.append(f"{tag} {name}={value}")


def test_no_page_has_more_in_it_than_the_labs(out: Path) -> None:
    pages = [path.read_text() for path in (out / "pages").rglob("*.html")]
    assert any("owned" in page for page in pages)
    assert [Page(page).active for page in pages] == [[]] * len(pages)


def test_no_feedback_has_more_in_it_than_the_labs(out: Path) -> None:
    told = [path.read_text() for path in (out / "feedback").glob("*.md")]
    assert any("owned" in text for text in told)
    for text in told:
        page = Page(MarkdownIt("commonmark", {"html": True}).render(text))
        assert page.active == []


def test_no_terminal_and_no_service_obeys_a_report(out: Path) -> None:
    for path in (path for path in out.rglob("*.*") if path.is_file()):
        if path.suffix == ".sqlite":
            continue
        assert path.name.isascii() and path.name[0] not in "-="
        assert obeyed(path.read_text()) == set(), path
    for path in (out / "github-classroom").glob("*.txt"):
        lines = path.read_text().splitlines()
        assert {line.split(" ")[0] for line in lines} == {"::notice"}
