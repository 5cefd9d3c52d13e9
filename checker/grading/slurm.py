"""`lab grade slurm`: a class's shards as an array of Slurm jobs, and a job after them that submits
the lost ones once more and joins all.

Partition, account, time limit and the like: by the variables that sbatch(1) reads, such as
SBATCH_PARTITION; the jobs inherit them."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from rich.console import Console

from checker.grading.course import seed_for
from checker.grading.grade import Order, received
from checker.grading.ledger import FILE, Ledger
from checker.grading.policy import Policy, write_weights
from checker.grading.seeds import new_seed
from checker.sandbox import ROOT
from checker.source import UnusableSourceError
from checker.text import count

FOLDER = "slurm"
TEMPLATES = Path(__file__).parent / "batch"
ROUNDS = 3
"""So often a shard is submitted at most. What Slurm itself requeues does not count."""
REPLACED = "%\\"
"""Slurm takes these for more than themselves in the path of a job's output, where the job's folder
stands too: sbatch(1), “filename pattern”."""
SECONDS = 60
"""sbatch tries again when its controller is busy; this is far more than it takes."""


def grade_by_slurm(order: Order, nodes: int, submit: bool, out: Console) -> int:
    """Writes the scripts, and submits them when asked to; the exit status."""
    if any(char in str(order.out.absolute()) for char in REPLACED):
        raise UnusableSourceError(
            f"--out {order.out}: Slurm takes no path with {' or '.join(REPLACED)}"
        )
    if submit and not shutil.which("sbatch"):
        raise UnusableSourceError("--submit: there is no sbatch here: run it where Slurm is")
    students = len(received(order))
    folder = write_scripts(order, nodes)
    out.print(f"{count(students, 'student')}, {count(nodes, 'shard')}: the scripts are written.")
    if submit:
        array = _submitted(folder, "grade.sbatch")
        merge = _submitted(folder, f"--dependency=afterany:{array}", "merge.sbatch")
        out.print(f"Jobs {array} and {merge}; `scancel {array} {merge}` stops both.")
        return 0
    out.print("To submit them:")
    for line in (
        f"cd {shlex.quote(str(folder))}",
        "job=$(sbatch --parsable grade.sbatch)",
        'sbatch --dependency=afterany:"${job%%;*}" merge.sbatch',
    ):
        out.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
    return 0


def write_scripts(order: Order, nodes: int) -> Path:
    """The folder in which `grade.sbatch` and `merge.sbatch` are to be submitted: their output
    goes there, whatever its name is."""
    out = order.out.absolute()
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("shard-*.status"):
        left.unlink()
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,
    )
    lab = str(ROOT / "lab")
    values = {
        "shards": nodes,
        "rounds": ROUNDS,
        "jobs": order.jobs,
        "ledger": FILE,
        "out": shlex.quote(str(out)),
        "lab": shlex.quote(lab),
        "grade": shlex.join([lab, "grade", *_words(order, folder)]),
    }
    for name in ("grade.sbatch", "merge.sbatch"):
        text = environment.get_template(name).render(values)
        (folder / name).write_text(text, errors="surrogateescape")
    return folder


def _words(order: Order, folder: Path) -> Iterator[str]:
    """The order on a command line of any node: nothing that its time zone, its processors or the
    folder it starts in could change."""
    policy = order.policy
    yield str(order.submissions.absolute())
    yield from ("--seed", str(_seed(order)), "--attempts", str(order.attempts))
    yield from ("--tasks", ",".join(task.slug for task in order.tasks))
    if order.roster:
        yield from ("--roster", str(order.roster.absolute()))
    if order.jobs:
        yield from ("--jobs", str(order.jobs))
    if policy.due:
        late = f"{policy.late.per_day}%/day,max {policy.late.most}%"
        yield from ("--due", policy.due, "--late", late)
    if policy.hidden:
        yield from ("--hide-checks", ",".join(policy.hidden))
    if policy.weights or not policy.craft:
        yield from ("--weights", str(_weights(policy, folder)))


def _weights(policy: Policy, folder: Path) -> Path:
    file = folder / "weights.toml"
    write_weights(policy, file)
    return file.absolute()


def _seed(order: Order) -> int:
    """One for all shards, and that of the last time, so that what is judged stays judged."""
    if order.seed is not None:
        return order.seed
    for folder in (order.out, *sorted(order.out.glob("shards/*"))):
        if (folder / FILE).is_file():
            with Ledger(folder, read=True) as ledger:
                return seed_for(ledger, None, new_seed())
    return new_seed()


def _submitted(folder: Path, *words: str) -> str:
    """The job's number."""
    try:
        done = subprocess.run(
            ["sbatch", "--parsable", *words],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnusableSourceError(f"sbatch did not answer in {SECONDS} s: see `sinfo`") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise UnusableSourceError(f"{words[-1]} was not submitted: {said[-1]}")
    return done.stdout.strip().partition(";")[0]
