"""What can be judged where programs get no world of their own: on this machine's loopback."""

from __future__ import annotations

from pathlib import Path

from checker.tests.judging import by_id, judge, outcomes
from checker.tests.programs import ECHO, alive, program


def test_a_server_is_judged_on_a_free_port(tmp_path: Path) -> None:
    checks = """
    @check("core", "echoes", why="w")
    def test_echoes(scene: Scene) -> None:
        client = scene.connect(scene.serve("TCP"))
        word = scene.bytes(50)
        client.says(word)
        client.hears(word)
    """
    result = judge(tmp_path, checks, program(ECHO), private=False).result
    assert (result.outcome, result.arena) == ("done", "open")


def test_what_needs_a_world_of_its_own_is_skipped_with_its_reason(tmp_path: Path) -> None:
    checks = """
    @check("core", "is private", why="w", private=True)
    def test_private(scene: Scene) -> None:
        pass

    @check("core", "asks for names", why="w")
    def test_names(scene: Scene) -> None:
        scene.names.host("x", "10.0.0.1")

    @check("core", "renames its host", why="w")
    def test_renames(scene: Scene) -> None:
        scene.rename_host("mine")

    @check("core", "is open", why="w")
    def test_open(scene: Scene) -> None:
        scene.start().succeeds(MORE)
    """
    result = judge(tmp_path, checks, program("return 0;"), private=False).result
    made = outcomes(result)
    assert made.pop("open") == "passed"
    assert set(made.values()) == {"skipped"}
    assert all("`./lab doctor`" in by_id(result)[name].reason for name in made)
    assert result.outcome == "done"


def test_what_a_program_leaves_behind_is_ended(tmp_path: Path) -> None:
    word = tmp_path.name + "-left"
    checks = """
    @check("core", "leaves a daemon", why="w")
    def test_leaves(scene: Scene) -> None:
        scene.start().succeeds(MORE)
    """
    daemon = program("if (fork() == 0) { setsid(); if (fork() == 0) { for (;;) pause(); } }")
    judged = judge(tmp_path, checks, daemon, private=False, template=word)
    assert judged.result.outcome == "done"
    assert alive(word) == []
