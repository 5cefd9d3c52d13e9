"""The pages of a graded class, as files: whole, closed in themselves, and harmless."""

from __future__ import annotations

import re
import weakref
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from urllib.parse import unquote

import msgspec
import pytest

from checker.grading.gradebook import Detail, Gradebook, StudentGrade, TaskGrade
from checker.ladder.layout import Style
from checker.reports import pages, verdict
from checker.tests import graded
from checker.tests.graded import HIDDEN, HOSTILE, book, grade, programs, student, the_class
from checker.tests.made import made_check, made_failure, made_result, no_room
from checker.timeline import Event

SERVER = "10-tcp-server"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'"
DISARMED = "<script>alert(1)</script>␛[31m[U+202E]evil[U+D800]␀\"'&=1+1"


class Page(HTMLParser):
    """`tags`: with their attributes, in their order; `text`: what a reader sees; `ids` and `links`
    as they come."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] or "" for _, attributes in self.tags if "id" in attributes]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] or "" for _, attributes in self.tags if "href" in attributes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of `the_class`."""
    place = tmp_path_factory.mktemp("pages")
    pages.write(the_class(), programs, place)
    return place


def read(folder: Path) -> dict[str, Page]:
    return {str(path.relative_to(folder)): Page(path) for path in folder.rglob("*.html")}


def one(folder: Path, name: str) -> Page:
    return Page(folder / "students" / f"{name}.html")


def written(folder: Path, graded_class: Gradebook, detail: Detail | None = None) -> dict[str, Page]:
    pages.write(graded_class, lambda _student, _task: detail, folder)
    return read(folder)


def test_there_is_a_page_for_the_class_and_each_task_and_student(folder: Path) -> None:
    students = {f"students/{one.file}.html" for one in the_class().students}
    tasks = {f"tasks/{task}.html" for task in graded.PROGRAMS}
    assert set(read(folder)) == {"index.html", *students, *tasks}


def test_every_link_leads_to_a_place_inside_the_folder(folder: Path) -> None:
    known = {page.path.resolve(): page for page in read(folder).values()}
    for page in known.values():
        for link in page.links:
            path, _, place = link.partition("#")
            target = (page.path.parent / unquote(path)).resolve() if path else page.path.resolve()
            assert target.is_relative_to(folder.resolve()) and target.is_file(), link
            if place:
                assert place in known[target].ids, f"{page.path.name}: {link}"


def test_every_student_and_task_is_linked_from_the_class(folder: Path) -> None:
    known = read(folder)
    links = {unquote(link) for link in known["index.html"].links}
    assert links >= set(known) - {"index.html"}


def test_no_name_is_given_twice_in_a_page(folder: Path) -> None:
    for page in read(folder).values():
        assert [name for name, times in Counter(page.ids).items() if times > 1] == []


def test_the_policy_stands_before_all_that_it_governs(folder: Path) -> None:
    for page in read(folder).values():
        heads = [attributes for tag, attributes in page.tags if tag in ("meta", "link")]
        assert [attributes.get("charset") for attributes in heads[:1]] == ["utf-8"]
        assert heads[1] == {"http-equiv": "Content-Security-Policy", "content": POLICY}


def test_no_page_holds_a_style_a_script_or_an_image(folder: Path) -> None:
    for page in read(folder).values():
        for tag, attributes in page.tags:
            assert tag not in ("style", "script", "img", "iframe", "object", "form", "base")
            assert [name for name in attributes if name == "style" or name.startswith("on")] == []


def hostile_class(detail: bool) -> tuple[Gradebook, Detail | None]:
    failure = made_failure(
        "echoes",
        title=HOSTILE,
        got=HOSTILE,
        expected=HOSTILE,
        reason=HOSTILE,
        why=HOSTILE,
        steps=[HOSTILE, HOSTILE],
        program=HOSTILE,
        timeline=[
            msgspec.convert({"at": 0.0, "actor": HOSTILE, "text": HOSTILE, "kind": kind}, Event)
            for kind in ("step", "call")
        ],
    )
    result = made_result(failure, task=SERVER, outcome="not done", diagnostics=HOSTILE)
    result.diagnostics = f"{HOSTILE}\n{HOSTILE}.cpp:1:1: {HOSTILE}"
    check = msgspec.structs.replace(
        grade(SERVER, "skeleton").checks[0], id="echoes", title=HOSTILE, message=HOSTILE
    )
    task = grade(SERVER, "skeleton", title=HOSTILE, checks=[check])
    hostile = student("mallory", task, submission=HOSTILE, trouble=HOSTILE, late_seconds=1)
    hostile = msgspec.structs.replace(
        hostile, student=msgspec.structs.replace(hostile.student, name=HOSTILE, email=HOSTILE)
    )
    sources = {HOSTILE: HOSTILE, f"{HOSTILE}.cpp": HOSTILE}
    made = Detail(result=result, sources=sources) if detail else None
    return book(hostile, title=HOSTILE), made


@pytest.mark.parametrize("detail", [True, False])
def test_what_strangers_wrote_is_shown_and_does_nothing(tmp_path: Path, detail: bool) -> None:
    for name, page in written(tmp_path, *hostile_class(detail)).items():
        assert DISARMED in page.text, name
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)
        assert "<script" not in page.path.read_text()
        assert [tag for tag, attributes in page.tags if "script" in f"{tag}{[*attributes]}"] == []


def test_a_line_of_a_megabyte_is_cut_and_measured(tmp_path: Path) -> None:
    failure = made_failure("listens", got="x" * 10**6, steps=["y" * 10**6])
    check = msgspec.structs.replace(grade(SERVER, "skeleton").checks[0], message="z" * 10**6)
    task = grade(SERVER, "skeleton", checks=[check])
    detail = Detail(result=made_result(failure, task=SERVER), sources={"a.cpp": "w" * 10**6})
    known = written(tmp_path, book(student("mallory", task)), detail)
    assert sum(len(page.path.read_bytes()) for page in known.values()) < 50_000
    text = known["students/mallory.html"].text
    for char, shown in (("x", 500), ("y", 300), ("w", 500)):
        assert f"{char * shown}… ({10**6 - shown:,} more characters)" in text


def test_a_student_is_told_the_facts_that_the_terminal_tells(folder: Path) -> None:
    for name, task, program in (
        ("bruno", SERVER, "upper-case"),
        ("bruno", "08-sigpipe", "end-of-input-loops"),
        ("graça", SERVER, "skeleton"),
    ):
        page = one(folder, name)
        failures = verdict.missed(graded.details()[task][program].result.checks)
        assert failures
        for check in failures:
            told = [check.title, *check.steps]
            told += [text for _, text in verdict.facts(check, task[:2])]
            places = [page.text.find(text, page.text.find("What went wrong")) for text in told]
            assert -1 not in places
            assert page.text.count(check.got) >= 1


def test_a_caret_stays_below_its_byte(folder: Path) -> None:
    [check] = verdict.missed(graded.details()[SERVER]["upper-case"].result.checks)
    assert "^ first difference" in check.got
    page = one(folder, "bruno")
    assert check.got in page.text
    assert ("pre", {"tabindex": "0", "role": "region", "aria-label": "got"}) in page.tags


def test_a_failure_has_its_ladder(folder: Path) -> None:
    page = one(folder, "bruno")
    assert "ladder-10-tcp-server-echoes" in page.ids
    assert "ladder-08-sigpipe-ends" in page.ids
    assert "99 times more" in page.text


def test_every_row_of_a_ladder_has_a_colour(folder: Path) -> None:
    style = (folder / "style.css").read_text()
    assert [kind for kind in get_args(Style) if f".ladder .{kind}" not in style] == []


def test_what_the_compiler_says_leads_to_the_line(folder: Path) -> None:
    page = one(folder, "carla")
    assert "It does not compile." in page.text
    said = graded.details()["08-sigpipe"]["broken"].result.diagnostics
    number = re.search(r"main\.cpp:(\d+):\d+: error", said)
    assert number
    place = f"08-sigpipe-1-{number[1]}"
    assert f"#{place}" in page.links
    assert place in page.ids


def test_a_skipped_check_says_what_it_needs(folder: Path) -> None:
    assert "needs “listens”" in one(folder, "graça").text


def test_of_a_hidden_check_students_learn_only_that_it_is_there(folder: Path) -> None:
    [check] = [c for c in grade(SERVER, "sigpipe-kills").checks if c.hidden]
    assert check.outcome == "failed"
    for name in ("ana", "carla", "graça"):
        page = one(folder, name)
        assert "And a hidden check, which counts too." in page.text
        raw = page.path.read_text()
        assert check.title not in raw
        assert "7 of 9 stars" not in page.text and "9 of 9 stars" not in page.text
        assert f"“{HIDDEN}”" not in page.text
        assert f"{SERVER}-{HIDDEN}" not in raw
    assert check.message not in one(folder, "carla").text
    assert check.title in Page(folder / "tasks" / f"{SERVER}.html").text


def test_a_student_s_page_names_nobody_else_and_leads_nowhere(folder: Path) -> None:
    names = {known.student.name for known in the_class().students}
    for name in names:
        page = one(folder, name.lower())
        assert name in page.text
        assert [other for other in names - {name} if re.search(rf"\b{other}\b", page.text)] == []
        assert {link for link in page.links if not link.startswith("#")} == {"../style.css"}


def test_the_lab_s_own_error_is_never_a_zero(folder: Path) -> None:
    page = one(folder, "duarte")
    assert re.search(r"Points\s*open\s*of 200", page.text)
    assert "The lab itself failed on a task" in page.text
    assert "the checker's own error, not yours" in page.text
    assert "no space" not in page.text
    index = Page(folder / "index.html").text
    assert "The lab's own errors" in index
    assert "echoes: OSError: no space" in index
    assert "Without the 1 student whose total" in index


def test_what_needs_a_look_stands_apart(folder: Path) -> None:
    text = re.sub(r"\s+", " ", Page(folder / "index.html").text)
    assert "Filipe half an archive" in text
    assert "Bruno, 08-sigpipe 3 attempts; now: not done" in text
    assert "Bruno 2 h 5 min late, 20 points lost" in text
    assert "Nothing handed in 2" in text


def test_students_learn_what_is_unusual_about_their_own(folder: Path) -> None:
    assert "About your submission: half an archive" in one(folder, "filipe").text
    assert "Several runs of this task did not agree" in one(folder, "bruno").text
    assert "Several runs" not in one(folder, "ana").text


def test_a_class_without_trouble_has_nothing_to_look_at(tmp_path: Path) -> None:
    index = written(tmp_path, book(student("ana", grade(SERVER, "solution"))))["index.html"]
    assert "To look at" not in index.text
    assert "No check failed." in index.text


@pytest.mark.parametrize("students", [(), (student("eva", grade(SERVER, None)),)])
def test_a_class_without_programs_has_its_page(
    tmp_path: Path, students: tuple[StudentGrade, ...]
) -> None:
    known = written(tmp_path, book(*students))
    assert "Networks" in known["index.html"].text


def test_a_file_name_may_hold_anything(tmp_path: Path) -> None:
    odd = student("ana", grade(SERVER, None), file="a b#c?d%20é&'\"")
    known = written(tmp_path, book(odd))
    assert f"students/{odd.file}.html" in {unquote(link) for link in known["index.html"].links}
    assert (tmp_path / "students" / f"{odd.file}.html").exists()


class Sources(dict[str, str]):
    """A dict that can be watched."""


def test_no_two_details_are_held_at_once(tmp_path: Path) -> None:
    given: list[weakref.ref[Sources]] = []
    most = 0

    def details(_student: StudentGrade, task: TaskGrade) -> Detail:
        nonlocal most
        sources = Sources({"main.cpp": "int main() {}\n"})
        given.append(weakref.ref(sources))
        most = max(most, sum(one() is not None for one in given))
        return Detail(result=made_result(made_check(), task=task.task), sources=sources)

    some = [student(f"s{n}", grade(SERVER, "solution"), grade(SERVER, "skeleton")) for n in "123"]
    pages.write(book(*some), details, tmp_path)
    assert (len(given), most) == (6, 1)


def test_where_there_is_no_room_the_old_page_stays(tmp_path: Path) -> None:
    pages.write(the_class(), programs, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with no_room(after=1000), pytest.raises(OSError):
        pages.write(book(student("ana", grade(SERVER, "skeleton"))), programs, tmp_path)
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.parametrize(("steps", "folded"), [(12, 0), (13, 4), (40, 31)])
def test_of_many_steps_the_first_and_the_last_stand_open(
    tmp_path: Path, steps: int, folded: int
) -> None:
    told = [f"step number {number}" for number in range(1, steps + 1)]
    detail = Detail(
        result=made_result(made_failure("listens", steps=told), task=SERVER), sources={}
    )
    known = written(tmp_path, book(student("graça", grade(SERVER, "skeleton"))), detail)
    page = known["students/graça.html"]
    places = [page.text.index(step) for step in told]
    assert places == sorted(places)
    more = re.findall(r"(\d+) steps more", page.text)
    assert more == ([str(folded)] if folded else [])
    starts = [attributes.get("start") for tag, attributes in page.tags if tag == "ol"]
    assert starts == ([None, "2", str(folded + 2)] if folded else [None, "2"])
