from __future__ import annotations

from pathlib import Path

import pytest

from checker import catalog
from checker.catalog import Task
from checker.proof.mutant import BrokenMutantError, load

TASK = catalog.find("10")
SENTENCE = "The server greets its clients.\ncaught-by: exact_bytes\n\n"
PATCH = """\
--- a/main.cpp
+++ b/main.cpp
@@ -1 +1,2 @@
+// a bug
{first}
"""


@pytest.fixture
def patch(tmp_path: Path) -> Path:
    first = TASK.solution.read_text().splitlines()[0]
    path = tmp_path / "greets.patch"
    path.write_text(SENTENCE + PATCH.format(first=f" {first}"))
    return path


def broken(path: Path) -> str:
    with pytest.raises(BrokenMutantError) as caught:
        load(TASK, path)
    said = str(caught.value)
    assert said.startswith(f"{path}: ")
    assert "\n" not in said
    return said


def test_a_mutant_is_the_solution_with_its_bug_put_in(patch: Path) -> None:
    mutant = load(TASK, patch)
    assert (mutant.name, mutant.caught_by) == ("greets", "exact_bytes")
    assert mutant.bug == "The server greets its clients."
    solution = TASK.solution.read_bytes()
    assert mutant.source.files == {"main.cpp": b"// a bug\n" + solution}


def test_the_solution_itself_is_not_touched(patch: Path) -> None:
    before = TASK.solution.read_bytes()
    load(TASK, patch)
    assert TASK.solution.read_bytes() == before


def test_a_core_check_that_must_fail_beside_a_craft_check_is_named(patch: Path) -> None:
    assert load(TASK, patch).also_core == ""
    named = patch.read_text().replace("exact_bytes\n", "waits\nalso-core: echoes\n", 1)
    patch.write_text(named)
    mutant = load(TASK, patch)
    assert (mutant.bug, mutant.also_core) == ("The server greets its clients.", "echoes")


def test_a_sentence_may_have_two_lines(patch: Path) -> None:
    patch.write_text("One\ntwo.\n" + patch.read_text().split("\n", 1)[1])
    assert load(TASK, patch).bug == "One two."


@pytest.mark.parametrize(
    "head",
    ["", "Only a sentence.\n\n", "caught-by: echoes\n\n", "A.\ncaught-by: a\ncaught-by: b\n\n"],
)
def test_a_patch_without_a_sentence_and_one_check_is_none(patch: Path, head: str) -> None:
    patch.write_text(patch.read_text().replace(SENTENCE, head))
    assert "needs a sentence and then one `caught-by: CHECK` line" in broken(patch)


def test_a_patch_that_does_not_fit_its_solution_is_none(patch: Path) -> None:
    patch.write_text(SENTENCE + PATCH.format(first=" no such line"))
    assert "patch does not apply" in broken(patch)


def test_a_patch_that_reaches_outside_its_folder_is_none(patch: Path) -> None:
    patch.write_text(patch.read_text().replace("/main.cpp", "/../../etc/main.cpp"))
    broken(patch)


@pytest.mark.parametrize("task", catalog.tasks(), ids=lambda task: task.slug)
def test_every_mutant_can_be_made_and_is_no_longer_the_solution(task: Task) -> None:
    solution = task.solution.read_bytes()
    sources = [load(task, path).source.files["main.cpp"] for path in task.mutants]
    assert solution not in sources
    assert len(set(sources)) == len(sources) > 0
