"""01-gethostname: prints the name of its host."""

from __future__ import annotations

from checker.arena import random_host_name
from checker.check import check
from checker.scene import Scene

LONGEST = 64
"""Characters of the longest host name on Linux (HOST_NAME_MAX)."""

FAILURE = "gethostname ENAMETOOLONG"


@check(
    "core",
    "prints this host's name",
    why="Only the system knows the name; a variable such as $HOSTNAME may say anything.",
    man=("gethostname(2)",),
    guide="ask",
)
def test_prints_name(scene: Scene) -> None:
    scene.start().prints(_line(scene))


@check(
    "core",
    "ends the line",
    why="Without a line end the shell's next prompt sticks to your output.",
    man=("printf(3)",),
    guide="print",
    needs=("test_prints_name",),
)
def test_ends_line(scene: Scene) -> None:
    scene.start().prints(_line(scene) + b"\n")


@check(
    "core",
    "prints that line and nothing else",
    why="Programs are read by other programs too; a buffer's unused bytes or a remark spoil that.",
    man=("gethostname(2)", "printf(3)"),
    guide="print",
    needs=("test_prints_name",),
)
def test_nothing_else(scene: Scene) -> None:
    program = scene.start()
    program.exits()
    program.has_printed(_line(scene) + b"\n")


@check(
    "core",
    "exits with status 0 when all went well, waiting for nobody",
    why="Whoever started it learns from the exit status whether it succeeded: 0 means yes.",
    man=("exit(3)",),
    guide="print",
    needs=("test_prints_name",),
)
def test_succeeds(scene: Scene) -> None:
    scene.start().succeeds()


@check(
    "core",
    "prints a name of 64 characters whole, dots included",
    why="A name may have HOST_NAME_MAX = 64 characters, and the NUL after it needs a 65th.",
    man=("gethostname(2)",),
    guide="buffer",
    needs=("test_prints_name",),
    private=True,
)
def test_longest_name(scene: Scene) -> None:
    scene.rename_host(_longest_name(scene))
    program = scene.start()
    program.prints(_line(scene))
    program.exits()
    program.has_printed(_line(scene) + b"\n")


@check(
    "core",
    "notices that the name cannot be had",
    why="A call that fails has written nothing; who goes on prints whatever the buffer held.",
    man=("gethostname(2)", "errno(3)"),
    guide="failure",
    needs=("test_prints_name",),
)
def test_failure(scene: Scene) -> None:
    scene.start(faults=FAILURE).notices_failure(claims=b"host name: ")


@check(
    "core",
    "makes no memory error with the longest name",
    why="Writing one byte past a full buffer works until the day when it does not.",
    man=("gethostname(2)",),
    guide="buffer",
    needs=("test_prints_name",),
    build="sanitised",
    private=True,
)
def test_memory(scene: Scene) -> None:
    scene.rename_host(_longest_name(scene))
    program = scene.start()
    program.exits()
    program.has_no_memory_error()


@check(
    "craft",
    "prints a name with a % in it as it is",
    why="The first argument of printf is a format: data in its place is obeyed, not printed.",
    man=("printf(3)",),
    guide="print",
    needs=("test_prints_name",),
    private=True,
)
def test_percent(scene: Scene) -> None:
    word = random_host_name(scene.random)
    scene.rename_host(f"{word}%d%%{word}%5c")
    scene.start().prints(_line(scene))


@check(
    "craft",
    "reports the failure in the standard form",
    why="Whoever reads the message wants the call that failed, and the reason in words.",
    man=("strerror(3)", "errno(3)"),
    guide="failure",
    needs=("test_failure",),
)
def test_reports_failure(scene: Scene) -> None:
    scene.start(faults=FAILURE).reports("gethostname", "File name too long")


def _line(scene: Scene) -> bytes:
    return f"host name: {scene.arena.hostname}".encode()


def _longest_name(scene: Scene) -> str:
    """Of LONGEST characters, cut by two dots."""
    name = random_host_name(scene.random, LONGEST)
    first, second = scene.random.randrange(5, 25), scene.random.randrange(30, 60)
    return ".".join((name[:first], name[first + 1 : second], name[second + 1 :]))
