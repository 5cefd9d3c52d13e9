from __future__ import annotations

import pytest

from checker import catalog
from checker.catalog import Task
from checker.regions import BrokenRegionError, Region, clean, parse, skeleton

SOLUTION = """\
int main() {
  int listener = socket();
  //> 2 echo
  //| Read what the client sends: read(2).
  //| Write it back: write(2).
  //+ (void)listener;
  while (serve(listener)) {
    // the peer closed
  }
  //<
  return 0;
}
"""


def test_a_skeleton_has_a_todo_in_the_place_of_each_regions_code() -> None:
    assert (
        skeleton(SOLUTION)
        == """\
int main() {
  int listener = socket();
  // TODO 2: Read what the client sends: read(2).
  // Write it back: write(2).
  (void)listener;
  return 0;
}
"""
    )


def test_a_clean_solution_has_its_code_and_its_comments_but_no_marks() -> None:
    assert (
        clean(SOLUTION)
        == """\
int main() {
  int listener = socket();
  while (serve(listener)) {
    // the peer closed
  }
  return 0;
}
"""
    )


def test_a_region_has_a_number_and_a_name() -> None:
    (region,) = (part for part in parse(SOLUTION) if isinstance(part, Region))
    assert (region.number, region.name) == (2, "echo")
    assert region.code == ["  while (serve(listener)) {", "    // the peer closed", "  }"]


def test_a_source_without_regions_stays_as_it_is() -> None:
    plain = "int main() {\n  // nothing > to | do + here <\n}\n"
    assert skeleton(plain) == clean(plain) == plain


def test_a_mark_inside_a_line_is_none() -> None:
    line = 'puts("//> 1 x");  //< not a mark\n'
    assert skeleton(line) == clean(line) == line


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("//> 1 a\nx\n", "region “a” is never closed"),
        ("x\n//<\n", "line 2: “//<” does not belong here"),
        ("//| says\n", "line 1: “//| says” does not belong here"),
        ("//+ code\n", "line 1: “//+ code” does not belong here"),
        ("//> 1 a\n//> 2 b\n//<\n", "line 2: “//> 2 b” does not belong here"),
        ("//> one a\n//<\n", "line 1: “//> one a” does not belong here"),
        ("//> 1 A b\n//<\n", "line 1: “//> 1 A b” does not belong here"),
    ],
)
def test_a_mark_that_is_out_of_place_is_named_with_its_line(source: str, said: str) -> None:
    with pytest.raises(BrokenRegionError) as caught:
        parse(source)
    assert str(caught.value) == said


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_the_regions_of_every_solution_are_numbered_without_a_gap(task: Task) -> None:
    parts = parse(task.solution.read_text())
    numbers = [part.number for part in parts if isinstance(part, Region)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)) != []
