"""From a request to a result: which checks are made, in which order, and what comes out."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import msgspec
import pytest

from checker import run
from checker.clock import Deadline
from checker.loop import Loop
from checker.messages import Collected, Finished, Message, Over, Started, Wanted
from checker.results import SCHEMA, Result
from checker.run import Request
from checker.source import read_files
from checker.tests import judging, programs
from checker.tests.judging import by_id, judge, outcomes
from checker.tests.programs import ECHO, alive, program

pytestmark = pytest.mark.usefixtures("private_arena")

ALL_OUTCOMES = """
@check("core", "passes", why="w", man=("read(2)",), guide="echo")
def test_passes(scene: Scene) -> None:
    scene.start().succeeds(MORE)

@check("core", "fails", why="because", man=("write(2)",), guide="echo", points=7)
def test_fails(scene: Scene) -> None:
    scene.start().prints(b"nothing like that", MORE)

@check("craft", "is skipped", why="w")
def test_is_skipped(scene: Scene) -> None:
    raise CheckSkipped("not on this machine")

@check("craft", "is a star", why="w")
def test_star(scene: Scene) -> None:
    pass
"""


def test_a_result_holds_every_check_in_its_order(tmp_path: Path) -> None:
    result = judge(tmp_path, ALL_OUTCOMES, program('puts("Hello");')).result
    assert outcomes(result) == {
        "passes": "passed",
        "fails": "failed",
        "is_skipped": "skipped",
        "star": "passed",
    }
    assert [check.id for check in result.checks] == list(outcomes(result))
    assert (result.points, result.max_points) == (15, 27)
    assert (result.stars, result.max_stars) == (1, 2)
    assert (result.schema, result.task, result.seed) == (SCHEMA, "99-throw-away", 1)
    assert result.outcome == "not done"
    assert msgspec.json.decode(msgspec.json.encode(result), type=Result) == result


def test_a_failed_check_tells_all_that_a_student_needs(tmp_path: Path) -> None:
    judged = judge(tmp_path, ALL_OUTCOMES, program('puts("Hello");'))
    failed = by_id(judged.result)["fails"]
    assert (failed.points, failed.max_points) == (0, 7)
    assert "nothing like that" in failed.expected
    assert '"Hello\\n"' in failed.got
    assert failed.steps[0].startswith("the lab starts ./program ")
    assert failed.steps[-1].startswith("your program prints")
    steps = [event for event in failed.timeline if event.kind == "step"]
    assert [f"{event.actor} {event.text}" for event in steps] == failed.steps
    assert failed.why == "because"
    assert failed.man == ["write(2)"]
    assert failed.guide == "99-throw-away#echo"
    assert failed.program == "it exited with status 0"
    assert "stdout (6 bytes):\n    Hello" in judged.log


def test_when_all_pass_the_task_is_done(tmp_path: Path) -> None:
    checks = """
    @check("core", "passes", why="w")
    def test_passes(scene: Scene) -> None:
        scene.start().succeeds(MORE)
    """
    result = judge(tmp_path, checks, program("return 0;")).result
    assert (result.outcome, result.points) == ("done", 10)


# What fails is the program's fault, what breaks is the checker's


BREAKS = """
@check("core", "has a bug", why="w")
def test_bug(scene: Scene) -> None:
    scene.start()
    {bug}

@check("core", "passes", why="w")
def test_passes(scene: Scene) -> None:
    scene.start().succeeds(MORE)
"""


@pytest.mark.parametrize(
    ("bug", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("assert 1 == 2", "AssertionError"),
        ("scene.no_such_thing()", "AttributeError"),
        ("raise SystemExit(0)", ""),
        ("raise KeyboardInterrupt", ""),
        ("os._exit(0)", "the prober died"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "the prober died"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "the prober died"),
    ],
)
def test_a_check_that_breaks_is_an_error_and_never_a_failure(
    tmp_path: Path, bug: str, said: str
) -> None:
    result = judge(tmp_path, BREAKS.format(bug=bug), program("return 0;")).result
    assert outcomes(result) == {"bug": "error", "passes": "passed"}
    assert result.outcome == "error"
    assert said in by_id(result)["bug"].reason
    assert by_id(result)["bug"].points == 0


def test_the_error_of_a_check_names_its_line(tmp_path: Path) -> None:
    result = judge(tmp_path, BREAKS.format(bug="1 / 0"), program("return 0;")).result
    assert "test_throw_away.py" in by_id(result)["bug"].reason
    assert "1 / 0" in by_id(result)["bug"].reason


def test_a_prober_that_dies_is_the_checkers_error(tmp_path: Path) -> None:
    checks = BREAKS.format(bug="os.kill(os.getppid(), signal.SIGKILL)")
    judged = judge(tmp_path, checks, program("return 0;"))
    assert judged.result.outcome == "error"
    assert "failed" not in outcomes(judged.result).values()
    assert "the prober died" in judged.log


def test_a_prober_that_dies_takes_its_checks_and_their_programs_with_it(tmp_path: Path) -> None:
    word = tmp_path.name + "-orphan"
    checks = BREAKS.format(bug="os.kill(os.getppid(), signal.SIGKILL); signal.pause()")
    judge(tmp_path, checks, program("pause();"), template=word, only=frozenset({"bug"}))
    assert Loop().wait(lambda: not alive(word), Deadline(30), poll=0.01)


def test_checks_that_cannot_be_loaded_are_the_checkers_error(tmp_path: Path) -> None:
    judged = judge(tmp_path, "import no_such_module\n" + ALL_OUTCOMES, program("return 0;"))
    assert (judged.result.outcome, judged.result.checks) == ("error", [])
    assert "no_such_module" in judged.log


def test_a_check_without_its_mark_is_the_checkers_error(tmp_path: Path) -> None:
    judged = judge(tmp_path, "def test_bare(scene): pass", program("return 0;"))
    assert judged.result.outcome == "error"
    assert "test_bare is not marked with @check" in judged.log


def test_checks_that_are_not_there_are_the_checkers_error(tmp_path: Path) -> None:
    task = judging.task(tmp_path, "")
    task.checks.unlink()
    judged = run.run(Request(task, None, program("return 0;")))
    assert judged.result.outcome == "error"
    assert str(task.checks) in judged.log


def test_an_error_beside_a_failure_is_still_an_error(tmp_path: Path) -> None:
    checks = BREAKS.format(bug="1 / 0")
    assert judge(tmp_path, checks, program("return 1;")).result.outcome == "error"


# Time


TAKES_FOR_EVER = """
schedule.CHECK_SECONDS = 0.3

@check("core", "takes for ever", why="w")
def test_endless(scene: Scene) -> None:
    scene.start()
    while True: pass

@check("core", "comes after", why="w", needs=("test_endless",))
def test_after(scene: Scene) -> None:
    pass
"""


def test_a_check_that_takes_for_ever_is_cut_off_with_all_that_it_started(tmp_path: Path) -> None:
    word = tmp_path.name + "-endless"
    result = judge(tmp_path, TAKES_FOR_EVER, program("pause();"), template=word).result
    assert outcomes(result) == {"endless": "failed", "after": "skipped"}
    assert by_id(result)["endless"].got == "it was still going on"
    assert alive(word) == []


def test_what_one_check_left_behind_the_next_does_not_find(tmp_path: Path) -> None:
    word = tmp_path.name + "-daemon"
    checks = f"""
    from checker.tests.programs import alive

    @check("core", "leaves a daemon", why="w")
    def test_leaves(scene: Scene) -> None:
        program = scene.start().program
        left = lambda: program.ended() and len(program.family()) == 1
        assert scene.loop.wait(left, Deadline(MORE), poll=0.01)
        assert alive("{word}")

    @check("core", "starts clean", why="w", needs=("test_leaves",))
    def test_clean(scene: Scene) -> None:
        assert not alive("{word}")
    """
    daemon = program("if (fork() == 0) { setsid(); if (fork() == 0) { for (;;) pause(); } }")
    result = judge(tmp_path, checks, daemon, template=word).result
    assert outcomes(result) == {"leaves": "passed", "clean": "passed"}
    assert alive(word) == []


def test_judging_can_be_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    word = tmp_path.name + "-stopped"
    stop, stopper = multiprocessing.Pipe()

    def tell(message: Message) -> None:
        if isinstance(message, Started):
            stopper.send("stop")

    checks = TAKES_FOR_EVER.replace("0.3", "60")
    request = Request(judging.task(tmp_path, checks, word), None, program("pause();"))
    with pytest.raises(run.Stopped):
        run.run(request, tell, stop)
    assert alive(word) == []


def test_messages_tell_what_goes_on(tmp_path: Path) -> None:
    heard: list[Message] = []
    request = Request(judging.task(tmp_path, ALL_OUTCOMES), None, program("return 0;"))
    run.run(request, heard.append)
    assert isinstance(heard[0], Collected)
    assert [name for name, _, _ in heard[0].checks][:2] == ["test_passes", "test_fails"]
    assert isinstance(heard[-1], Over)
    started = {message.check for message in heard if isinstance(message, Started)}
    finished = {message.result.id for message in heard if isinstance(message, Finished)}
    assert started == {f"test_{name}" for name in finished}


# Which checks are made


CHAIN = """
@check("core", "is the first", why="w")
def test_first(scene: Scene) -> None:
    scene.start().succeeds(MORE)

@check("core", "needs the first", why="w", needs=("test_first",))
def test_second(scene: Scene) -> None:
    pass

@check("craft", "needs the second", why="w", needs=("test_second",))
def test_third(scene: Scene) -> None:
    pass

@check("core", "needs nothing", why="w")
def test_other(scene: Scene) -> None:
    pass
"""


def test_a_check_whose_need_failed_is_skipped_with_its_name(tmp_path: Path) -> None:
    result = judge(tmp_path, CHAIN, program("return 1;")).result
    assert outcomes(result) == {
        "first": "failed",
        "second": "skipped",
        "third": "skipped",
        "other": "passed",
    }
    assert by_id(result)["second"].reason == "needs “first”"
    assert by_id(result)["third"].reason == "needs “second”"


def test_a_check_whose_needs_passed_is_made(tmp_path: Path) -> None:
    result = judge(tmp_path, CHAIN, program("return 0;")).result
    assert set(outcomes(result).values()) == {"passed"}


def test_only_the_check_that_was_asked_for_is_made_without_its_needs(tmp_path: Path) -> None:
    result = judge(tmp_path, CHAIN, program("return 1;"), only=frozenset({"third"})).result
    assert outcomes(result) == {"third": "passed"}


def test_a_check_that_does_not_exist_is_not_made(tmp_path: Path) -> None:
    assert (
        judge(tmp_path, CHAIN, program("return 1;"), only=frozenset({"fourth"})).result.checks == []
    )


def test_what_needs_the_source_is_skipped_for_a_binary(tmp_path: Path) -> None:
    checks = """
    @check("core", "looks for memory errors", why="w", build="sanitised")
    def test_memory(scene: Scene) -> None:
        pass
    """
    result = judge(tmp_path, checks, program("return 0;")).result
    assert (
        by_id(result)["memory"].reason == "needs the program's source, to build it with sanitisers"
    )


def test_checks_run_side_by_side_each_in_an_arena_of_its_own(tmp_path: Path) -> None:
    checks = """
    @check("core", "serves", why="w")
    def test_one(scene: Scene) -> None:
        client = scene.connect(scene.serve("TCP", port=58001))
        client.says(b"Hello"); client.hears(b"Hello")

    @check("core", "serves too", why="w")
    def test_two(scene: Scene) -> None:
        test_one(scene)
    """
    assert judge(tmp_path, checks, program(ECHO)).result.outcome == "done"


def test_each_is_in_a_new_arena_also_where_one_process_makes_them(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    checks = f"""
    def note() -> None:
        namespaces = [os.readlink(f"/proc/self/ns/{{name}}") for name in ("net", "uts")]
        with open({str(noted)!r}, "a") as notes:
            print(os.getpid(), *namespaces, os.uname().nodename, file=notes)

    @check("core", "is the first", why="w")
    def test_first(scene: Scene) -> None:
        note()
        scene.listener(scene.host("127.0.0.1"), 58001)

    @check("core", "is the next", why="w", needs=("test_first",))
    def test_next(scene: Scene) -> None:
        note()
        scene.listener(scene.host("127.0.0.1"), 58001)
    """
    assert judge(tmp_path, checks, program("return 0;")).result.outcome == "done"
    first, second = (line.split() for line in noted.read_text().splitlines())
    assert first[0] == second[0]
    assert not set(first[1:]) & set(second[1:])


# Seeds


DRAWS = """
@check("core", "draws", why="w")
def test_draws(scene: Scene) -> None:
    scene.start(port=scene.port())
    scene.timeline.step("it", f"{scene.bytes(20).hex()} {scene.text(9)} {scene.host()}")
    raise CheckFailed("a", "b")

@check("core", "draws too", why="w")
def test_draws_too(scene: Scene) -> None:
    test_draws(scene)
"""


def drawn(folder: Path, **request: object) -> dict[str, list[str]]:
    result = judge(folder, DRAWS, program("return 0;"), **request).result
    return {check.id: check.steps for check in result.checks}


def test_the_same_seed_gives_the_same_payloads_and_another_seed_others(tmp_path: Path) -> None:
    first, again, other = (drawn(tmp_path, seed=seed) for seed in (7, 7, 8))
    assert first == again
    assert first["draws"] != other["draws"]


def test_each_check_draws_its_own(tmp_path: Path) -> None:
    steps = drawn(tmp_path)
    assert steps["draws"] != steps["draws_too"]


def test_a_check_alone_draws_what_it_draws_among_others(tmp_path: Path) -> None:
    assert (
        drawn(tmp_path, only=frozenset({"draws_too"}))["draws_too"] == drawn(tmp_path)["draws_too"]
    )


def test_a_request_without_a_seed_has_one_that_varies(tmp_path: Path) -> None:
    seeds = {Request(judging.task(tmp_path, DRAWS), None).seed for _ in range(20)}
    assert len(seeds) > 1


# Sources and builds


def from_source(folder: Path, checks: str, main: str, **request: object) -> Result:
    return judge(folder, checks, None, source=programs.source(main), **request).result


def test_what_does_not_compile_is_told_with_the_compilers_words(tmp_path: Path) -> None:
    result = from_source(tmp_path, ALL_OUTCOMES, "return no_such_variable;")
    assert result.outcome == "does not compile"
    assert "no_such_variable" in result.diagnostics
    assert (result.checks, result.points) == ([], 0)


LUCKY = """
@check("core", "prints 0", why="w")
def test_prints(scene: Scene) -> None:
    scene.start().prints(b"0\\n", MORE)
"""


def test_a_program_that_works_by_luck_is_told_so(tmp_path: Path) -> None:
    result = from_source(tmp_path, LUCKY, r'int never_set; printf("%d\n", never_set);')
    check = by_id(result)["prints"]
    assert check.outcome == "failed"
    assert "a variable, a buffer or an address length that it has never set" in check.reason


def test_a_program_that_is_plainly_wrong_is_not_told_of_luck(tmp_path: Path) -> None:
    result = from_source(tmp_path, LUCKY, 'puts("1");')
    check = by_id(result)["prints"]
    assert (check.outcome, check.reason) == ("failed", "")


def test_only_the_first_failure_is_tried_for_luck(tmp_path: Path) -> None:
    twice = LUCKY + LUCKY.replace("test_prints", "test_again")
    result = from_source(tmp_path, twice, r'int never_set; printf("%d\n", never_set);')
    assert sum(bool(check.reason) for check in result.checks) == 1
    assert {check.outcome for check in result.checks} == {"failed"}


def test_luck_is_not_looked_for_where_nobody_asks(tmp_path: Path) -> None:
    main = r'int never_set; printf("%d\n", never_set);'
    result = from_source(tmp_path, LUCKY, main, diagnose=False)
    assert by_id(result)["prints"].reason == ""


def test_a_sanitised_check_sees_a_memory_error(tmp_path: Path) -> None:
    checks = """
    @check("core", "makes no memory error", why="w", build="sanitised")
    def test_memory(scene: Scene) -> None:
        it = scene.start()
        it.exits(MORE)
        it.has_no_memory_error()
    """
    result = from_source(tmp_path, checks, "char* b = new char[8]; delete[] b; return b[0];")
    assert "heap-use-after-free" in by_id(result)["memory"].got


SANITISED = """
@check("core", "exits", why="w")
def test_exits(scene: Scene) -> None:
    scene.start().succeeds(MORE)

@check("core", "makes no memory error", why="w", build="sanitised", needs=("test_exits",))
def test_memory(scene: Scene) -> None:
    scene.start().succeeds(MORE)
"""


@pytest.mark.parametrize("ahead", [True, False])
@pytest.mark.parametrize("status", [0, 1])
def test_a_build_that_no_check_will_need_is_made_ahead_only(
    tmp_path: Path, ahead: bool, status: int
) -> None:
    heard: list[Message] = []
    source = programs.source(f"return {status};")
    task = judging.task(tmp_path, SANITISED)
    result = run.run(Request(task, source, diagnose=False, ahead=ahead), heard.append).result
    assert (Wanted("sanitised") in heard) == (ahead or status == 0)
    after = "passed" if status == 0 else "skipped"
    assert outcomes(result)["memory"] == after


def test_the_verdict_is_on_the_source_as_it_was_when_judging_began(tmp_path: Path) -> None:
    file = tmp_path / "main.cpp"
    file.write_text(programs.code('puts("0");'))
    source = read_files("program", [file])

    def save_again(_: Message) -> None:
        file.write_text("this does not even compile")

    request = Request(judging.task(tmp_path, LUCKY), source, diagnose=False)
    result = run.run(request, save_again).result
    assert result.outcome == "done"
    assert result.source_sha256 == source.sha256() != read_files("program", [file]).sha256()


def test_what_a_program_prints_is_never_a_verdict(tmp_path: Path) -> None:
    main = """
      const char* lie = R"({"outcome": "passed", "points": 10})";
      for (int number = 0; number < 256; ++number)
        if (write(number, lie, strlen(lie)) < 0) continue;
      return 1;
    """
    result = judge(tmp_path, CHAIN, program(main), only=frozenset({"first"})).result
    assert outcomes(result) == {"first": "failed"}


def test_a_program_that_does_not_need_a_port_is_given_none(tmp_path: Path) -> None:
    checks = """
    @check("core", "has no argument", why="w")
    def test_none(scene: Scene) -> None:
        scene.start(port=scene.port()).prints(b"1\\n", MORE)

    @check("core", "varies its port", why="w")
    def test_varies(scene: Scene) -> None:
        scene.needs_argument("port")
    """
    result = judge(tmp_path, checks, program('printf("%d\\n", argc);'), template="").result
    assert outcomes(result) == {"none": "passed", "varies": "skipped"}
    assert "takes no port" in by_id(result)["varies"].reason
