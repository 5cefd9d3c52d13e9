"""`lab grade`: its words on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from checker.numbers import at_least
from checker.reports.console import console
from checker.source import UnusableSourceError

if TYPE_CHECKING:
    from checker.catalog import Task
    from checker.grading.policy import Policy

CLASS = "class"
"""The command that is meant where none is named."""


class _ClassUnlessNamed(TyperGroup):
    """`lab grade SUBMISSIONS --out DIR` needs no word of its own."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        named = args and args[0] in self.commands and args[0] != CLASS
        rest: list[str] = super().parse_args(ctx, args if named else ["--", CLASS, *args])
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return (None if name == CLASS else name), command, rest


app = typer.Typer(cls=_ClassUnlessNamed, add_completion=False, rich_markup_mode=None)

Graded = Annotated[Path, typer.Argument(metavar="DIR", help="where the class was graded")]
StudentId = Annotated[str, typer.Argument(metavar="STUDENT", help="the id, or the name")]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="for the ledger and the reports")]
Submissions = Annotated[
    Path, typer.Argument(metavar="SUBMISSIONS", help="a folder of archives and folders, or a zip")
]
Tasks = Annotated[str, typer.Option(metavar="LIST", help="such as 1-8,12")]
RosterFile = Annotated[Path | None, typer.Option(metavar="FILE.csv", help="the class list")]
Jobs = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=at_least(1), help="judgings at once", show_default="two per processor"
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        metavar="N", parser=at_least(0), help="for the whole class", show_default="the last one"
    ),
]
Weights = Annotated[Path | None, typer.Option(metavar="FILE", help="points for each task, in TOML")]
Due = Annotated[str, typer.Option(metavar="TIME", help="such as “2026-11-30 23:59”")]
Late = Annotated[
    str, typer.Option(metavar="POLICY", help="accept, reject, 10%/day or 10%/day,max 50%")
]
HideChecks = Annotated[
    str, typer.Option(metavar="LIST", help="students are not told of: 10:serves_next,memory")
]
Attempts = Annotated[int, typer.Option(metavar="N", parser=at_least(1), help="at each verdict")]


@app.command(CLASS, hidden=True)
def grade_class(
    submissions: Submissions,
    out: Out,
    tasks: Tasks = "",
    roster: RosterFile = None,
    jobs: Jobs = None,
    seed: Seed = None,
    weights: Weights = None,
    due: Due = "",
    late: Late = "",
    hide_checks: HideChecks = "",
    attempts: Attempts = 1,
    again: Annotated[bool, typer.Option("--again", help="judge once more what is judged")] = False,
    shard: Annotated[str, typer.Option(metavar="I/N", help="only this part of the class")] = "",
) -> None:
    """Grade a class: from a folder of submissions to grades.

    Running it again goes on where it stopped. `lab grade slurm` grades on a cluster, `lab grade
    merge` joins shards, `lab grade rerun` makes one verdict again, `lab grade explain` shows what a
    student saw."""
    from checker.grading.grade import Order, grade

    chosen, policy = _policy(tasks, weights, due, late, hide_checks)
    order = Order(
        submissions=submissions,
        out=out,
        tasks=chosen,
        policy=policy,
        roster=roster,
        jobs=jobs,
        seed=seed,
        attempts=attempts,
        again=again,
        shard=_shard(shard) if shard else None,
    )
    raise typer.Exit(grade(order, console()))


@app.command()
def slurm(
    submissions: Submissions,
    out: Out,
    nodes: Annotated[
        int, typer.Option(metavar="N", parser=at_least(1), help="so many shards, a job for each")
    ],
    submit: Annotated[bool, typer.Option("--submit", help="now; else only written")] = False,
    tasks: Tasks = "",
    roster: RosterFile = None,
    jobs: Jobs = None,
    seed: Seed = None,
    weights: Weights = None,
    due: Due = "",
    late: Late = "",
    hide_checks: HideChecks = "",
    attempts: Attempts = 1,
) -> None:
    """Grade a class on a cluster, by Slurm: DIR must be the same on all of its nodes.

    Each shard has a node of its own, or with `--jobs N` so many processors of one. Partition,
    account and time limit: by sbatch's variables, such as SBATCH_PARTITION."""
    from checker.grading.grade import Order
    from checker.grading.slurm import grade_by_slurm

    chosen, policy = _policy(tasks, weights, due, late, hide_checks)
    order = Order(
        submissions=submissions,
        out=out,
        tasks=chosen,
        policy=policy,
        roster=roster,
        jobs=jobs,
        seed=seed,
        attempts=attempts,
    )
    raise typer.Exit(grade_by_slurm(order, nodes, submit, console()))


@app.command()
def merge(
    shards: Annotated[list[Path], typer.Argument(metavar="DIR...", help="the shards")], out: Out
) -> None:
    """Join the shards of one class."""
    from checker.grading.shards import merge as join

    raise typer.Exit(join(shards, out, console()))


@app.command()
def rerun(
    folder: Graded,
    student: StudentId,
    task: Annotated[str, typer.Argument(metavar="TASK", help="10, tcp-server or 10-tcp-server")],
) -> None:
    """Make one verdict again, with its seed; nothing is recorded."""
    from checker.grading.replay import rerun as replay

    raise typer.Exit(replay(folder, student, task, console()))


@app.command()
def explain(
    folder: Graded,
    student: StudentId,
    task: Annotated[
        str | None, typer.Argument(metavar="TASK", help="which", show_default="all")
    ] = None,
) -> None:
    """Show what a student saw."""
    from checker.grading.replay import explain as show

    raise typer.Exit(show(folder, student, task, console()))


def _policy(
    tasks: str, weights: Path | None, due: str, late: str, hide_checks: str
) -> tuple[list[Task], Policy]:
    """The tasks, and what their verdicts are worth."""
    from checker import catalog
    from checker.grading.lateness import Lateness, parse_due, parse_late
    from checker.grading.policy import Policy, parse_hidden, parse_tasks, read_weights

    if late and not due:
        raise UnusableSourceError("--late needs --due")
    chosen = parse_tasks(tasks) if tasks else catalog.tasks()
    worth, craft = read_weights(weights) if weights else ({}, True)
    return chosen, Policy(
        weights=worth,
        craft=craft,
        due=parse_due(due) if due else "",
        late=parse_late(late) if late else Lateness(),
        hidden=parse_hidden(hide_checks, chosen),
    )


def _shard(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d+)/(\d+)", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UnusableSourceError(f"--shard {text}: write 1/4 for the first of four")
    return int(found[1]), int(found[2])
