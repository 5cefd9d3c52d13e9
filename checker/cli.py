"""The command line: one short function per command.

Exit status: 0 all core checks passed (or the command did its work), 1 not, 2 unusable input,
3 the checker's own error, 130 interrupted."""

from __future__ import annotations

import errno
import shlex
import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from checker import catalog, workspace
from checker.failure import CheckerError
from checker.grading.cli import app as grading
from checker.grading.handed_in import IntakeError
from checker.grading.refused import LedgerError
from checker.numbers import at_least
from checker.reports.console import complain, console
from checker.source import UnusableSourceError
from checker.text import count
from checker.trace import Peer

app = typer.Typer(
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

TaskName = Annotated[
    str | None,
    typer.Argument(
        metavar="TASK", help="10, tcp-server or 10-tcp-server", show_default="the current one"
    ),
]
OneTask = Annotated[str, typer.Argument(metavar="TASK", help="10, tcp-server or 10-tcp-server")]
UNUSABLE = (
    catalog.UnknownTaskError,
    UnusableSourceError,
    workspace.WorkspaceError,
    IntakeError,
    LedgerError,
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
app.add_typer(grading, name="grade", help="Grade a class: from a folder of submissions to grades.")


@app.callback()
def status(context: typer.Context) -> None:
    """Loopback: twelve socket programs in C++, from gethostname to a concurrent server.

    Without a command, a terminal shows the walkthrough: tasks, checks at each save, hints, all on
    one screen. Elsewhere: where you stand, and what comes next."""
    from checker import walkthrough

    if context.invoked_subcommand is None and walkthrough.has_terminal():
        from checker.walkthrough import session

        raise typer.Exit(session.run(workspace.current()))
    if context.invoked_subcommand is None:
        from checker.reports.standing import next_step

        console().print(next_step(workspace.current()))


@app.command()
def start(
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="where; else work/")] = None,
) -> None:
    """Make your workspace from the skeletons. Never overwrites a file that you have changed."""
    place = workspace.Workspace(to.resolve()) if to else workspace.current()
    added = place.start()
    where = workspace.shown(place.folder)
    news = f"{count(len(added), 'task')} new or renewed" if added else "nothing to add"
    print(f"{'this folder' if where == '.' else where}: {news}")
    here = place == workspace.current() and Path("lab").exists()
    steps = "./lab open 1, then ./lab check 1" if added else "./lab"
    print("Next: " + ("" if here else f"cd {shlex.quote(where)}, then ") + steps)


@app.command("list")
def list_tasks() -> None:
    """All tasks, and how far you are."""
    from checker.reports.standing import table

    console().print(table(workspace.current()))


@app.command()
def check(
    task: TaskName = None,
    everything: Annotated[bool, typer.Option("--all", help="every task")] = False,
    solutions: Annotated[
        bool, typer.Option("--solutions", help="judge the reference solutions")
    ] = False,
    program: Annotated[Path | None, typer.Option(metavar="PATH", help="judge a binary")] = None,
    source: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="judge these C or C++ files")
    ] = None,
    args: Annotated[
        str | None,
        typer.Option(metavar="TEMPLATE", help='its arguments, such as "{host} {port} {message}"'),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            parser=at_least(1, most=65535),
            help="where a server listens that takes no port",
        ),
    ] = None,
    only: Annotated[str | None, typer.Option(metavar="CHECK", help="only this check")] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", parser=at_least(0), help="replay a run")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="also write the result there")
    ] = None,
    open_arena: Annotated[
        bool, typer.Option("--open-arena", help="use this machine's own network")
    ] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="cut nothing short")] = False,
) -> None:
    """Judge your program, and say what it did.

    It is built, and run in a private network."""
    from checker import checking

    chosen = checking.Choice(
        task=task,
        everything=everything,
        solutions=solutions,
        program=program,
        files=source or [],
        template=args,
        port=port,
        only=only,
        seed=seed,
        open_arena=open_arena,
    )
    raise typer.Exit(checking.check(chosen, json, verbose, console()))


@app.command()
def watch(
    task: TaskName = None,
    poll: Annotated[
        bool, typer.Option("--poll", help="look at the files, for network drives")
    ] = False,
) -> None:
    """Check again at each save, until Ctrl-C."""
    from checker.watch import watch as run

    run(workspace.started(), task, poll, console())


@app.command()
def trace(
    task: OneTask,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="ARGS", help="your program's, after --", show_default="the task's"),
    ] = None,
    peer: Annotated[
        Peer | None,
        typer.Option("--with", help="who is the other end", show_default="nc at a terminal"),
    ] = None,
    pcap: Annotated[
        Path | None, typer.Option(metavar="FILE", help="also write the packets there")
    ] = None,
) -> None:
    """Run your program by hand, and see its calls as it makes them.

    The other end is you (nc: it says what you type) or the lab (echo)."""
    from checker.trace.command import trace as run

    raise typer.Exit(run(task, peer, pcap, arguments or [], console()))


@app.command()
def ladder(
    task: TaskName = None,
    check_name: Annotated[
        str | None,
        typer.Argument(metavar="CHECK", help="its name", show_default="the first that failed"),
    ] = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="write a picture there")] = None,
) -> None:
    """What your program and its peers did, in the last check."""
    from checker.reports import pictures

    if svg:
        print(f"{svg}: {pictures.save(workspace.started(), task, check_name, svg)}")
    else:
        console().print(pictures.picture(workspace.started(), task, check_name))


@app.command()
def experiment(
    number: Annotated[
        int | None,
        typer.Argument(metavar="N", parser=at_least(0), help="which", show_default="lists them"),
    ] = None,
    predict: Annotated[
        str | None,
        typer.Option(metavar="X", help="your prediction", show_default="you are asked"),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="print the observation as JSON")] = False,
) -> None:
    """Predict what a program does, then see it happen.

    It is your program, once its task is done."""
    from checker.experiments.command import experiment as run

    raise typer.Exit(run(number, predict, json, console()))


@app.command()
def hint(task: TaskName = None) -> None:
    """The next hint."""
    from checker.reports import lessons

    console().print(lessons.next_hint(workspace.started(), task))


@app.command()
def guide(
    chapter: Annotated[
        str | None,
        typer.Argument(metavar="TASK", help="or a chapter's name", show_default="all of them"),
    ] = None,
    section: Annotated[
        str | None, typer.Argument(metavar="SECTION", help="of it", show_default=False)
    ] = None,
) -> None:
    """A task's chapter of the guide, in your browser."""
    from checker.guide.opening import open_guide

    print(open_guide(chapter, section))


@app.command()
def solution(
    task: OneTask,
    spoil: Annotated[bool, typer.Option("--spoil", help="although the task is not done")] = False,
) -> None:
    """The reference solution, once the task is done.

    And how yours differs from it."""
    from checker.reports import lessons

    console().print(lessons.solution(workspace.started(), task, spoil))


@app.command()
def reset(
    task: Annotated[
        str | None, typer.Argument(metavar="TASK", help="which", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="every task")] = False,
) -> None:
    """Restore the skeleton; your file stays beside it."""
    place = workspace.started()
    if not task and not everything:
        raise workspace.WorkspaceError("say which task, or --all")
    if everything and not typer.confirm("Reset every task?"):
        print("Nothing was changed.")
        raise typer.Exit(1)
    for each in catalog.tasks() if everything else [catalog.find(task or "")]:
        kept = place.reset(each)
        note = f"; yours is kept as {kept.name}" if kept else ""
        print(f"{workspace.shown(place.program(each))} is the skeleton again{note}")


@app.command("open")
def open_editor(task: TaskName = None) -> None:
    """Open a task's file in $VISUAL or $EDITOR."""
    from checker import editor

    raise typer.Exit(editor.edit(workspace.started(), task))


@app.command()
def submit(
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="the archive")] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="yours, else you are asked")] = "",
    student_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="your student id, else you are asked")
    ] = "",
) -> None:
    """Pack your sources into one archive to hand in."""
    from checker import submission

    place = workspace.started()
    name = name or typer.prompt("Your name")
    student_id = student_id or typer.prompt("Your student id")
    print(submission.pack(place, name, student_id, out))


@app.command()
def similar(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where a class was graded")],
) -> None:
    """For instructors: submissions that look alike.

    A list to look at, and no verdict."""
    from checker.grading.similar import similar as run

    raise typer.Exit(run(folder, console()))


@app.command()
def doctor() -> None:
    """What this machine needs, and what mends what is missing."""
    from checker.reports import health

    out = console()
    report, healthy = health.examine()
    out.print(report)
    raise typer.Exit(0 if healthy else 1)


def main() -> None:
    """Runs a command; every foreseeable trouble is one line and an exit status."""
    try:
        status = app(prog_name="lab", standalone_mode=False)
    except typer.TyperException as error:
        message = error.format_message().rstrip(".").partition(", unable")[0]
        known = isinstance(error, typer.BadParameter)
        status = _complain(2, message + ("" if known else "; see `./lab --help`"))
    except typer.Abort as error:
        print(file=sys.stderr)
        asked = isinstance(error.__context__, EOFError)
        status = _complain(2, "no answer came, so nothing was done") if asked else 130
    except UNUSABLE as error:
        status = _complain(2, str(error))
    except CheckerError as error:
        status = _complain(3, str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        message = f"{where}{error.strerror or error}{_advice(error.errno)}"
        status = _complain(2 if error.filename and error.errno not in FULL else 3, message)
    except Exception:
        traceback.print_exc()
        status = _complain(3, "this is Loopback's own error, not yours: please report it")
    sys.exit(status)


def _complain(status: int, message: str) -> int:
    complain(message)
    return status


def _advice(number: int | None) -> str:
    if number in FULL:
        return "; make room and run it again, nothing of yours was changed"
    advice = {
        errno.EACCES: "; you may not read or write there",
        errno.EROFS: "; choose another place",
    }
    return advice.get(number or 0, "")
