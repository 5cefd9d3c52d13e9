"""A Result as a student reads it in the terminal."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from checker import ladder, workspace
from checker.catalog import Task
from checker.reports.console import WIDTH
from checker.results import CheckResult, Result
from checker.sandbox import ROOT
from checker.text import count

OUTCOMES = {
    "done": "Done.",
    "not done": "Not done yet.",
    "does not compile": "It does not compile.",
    "error": "The checker itself failed; this is no verdict.",
}
LAST_STEPS = 6
LAST_ROWS = 12
"""Of the ladder."""
COMPILER_LINES = 24
_MISSED = {"core": ("✗", "failed"), "craft": ("☆", "star")}
MARKS = {"passed": "✓", "failed": "✗", "skipped": "–", "error": "!"}


def verdict(
    result: Result, task: Task, log: Path | None, everything: bool = False, recorded: bool = False
) -> RenderableType:
    """`log`: where the full log is, if one was kept; `everything`: no step and no failure is
    cut short; `recorded`: `./lab ladder` will show it again."""
    parts: list[RenderableType] = [Text(f"{task.slug} · {task.title}", style="name"), Text()]
    if result.outcome == "does not compile":
        parts += [*diagnostics(result.diagnostics, everything), Text(), summary(result)]
        return Group(*parts)
    parts += [_overview(result), Text()]
    failures = missed(result.checks)
    for index, check in enumerate(failures):
        if index == 0 or everything:
            parts += [failure(check, task, everything), Text()]
        else:
            parts.append(_short_failure(check))
    if len(failures) > 1 and not everything:
        parts.append(Text("  (-v shows each of them in full)\n", style="label"))
    if result.diagnostics and result.outcome != "done":
        parts += [Text("The compiler warns:", style="label")]
        parts += [*diagnostics(result.diagnostics, everything), Text()]
    parts.append(summary(result))
    if failures and log:
        link = f"link {log.resolve().as_uri()}"
        parts.append(Text.assemble(("full log  ", "label"), (workspace.shown(log), link)))
        if recorded and failures[0].timeline:
            parts.append(Text(f"all calls ./lab ladder {task.number} {failures[0].id}", "label"))
    return Group(*parts)


def missed(checks: list[CheckResult]) -> list[CheckResult]:
    """Those that failed, in the order in which a reader wants them."""
    failures = [check for check in checks if check.outcome in ("failed", "error")]
    return sorted(failures, key=lambda check: (check.outcome != "error", check.level != "core"))


def one_line(result: Result, task: Task) -> Text:
    """A task among others."""
    done = result.outcome == "done"
    line = Text.assemble((("✓ " if done else "✗ "), "passed" if done else "failed"), task.slug)
    line.pad_right(26 - len(line))
    line.append(counts(result))
    if result.outcome in ("error", "does not compile"):
        line.append(f"  {result.outcome}", "error")
    return line


def _overview(result: Result) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    for level in ("core", "craft"):
        for check in (check for check in result.checks if check.level == level):
            mark, style = MARKS[check.outcome], str(check.outcome)
            if level == "craft" and check.outcome in ("passed", "failed"):
                mark = "★" if check.outcome == "passed" else "☆"
                style = "star"
            text = Text(check.title, style="label" if check.outcome == "skipped" else "")
            if check.outcome == "skipped":
                text.append(f" · {check.reason}", style="skipped")
            label = Text("craft" if level == "craft" else "", style="label")
            table.add_row(label, Text(mark, style=style), text)
    return table


def failure(
    check: CheckResult,
    task: Task,
    everything: bool = False,
    columns: int = WIDTH,
    last_steps: int = LAST_STEPS,
) -> RenderableType:
    """Steps, the step that failed, expected and got, why it matters, where to read on, and the
    ladder in so many `columns`."""
    if check.outcome == "error":
        what = Text(f"! {check.title}: the checker's own error, not yours", style="error")
        return Group(what, Padding(Text(check.reason), (0, 0, 0, 4)))
    rows = Table.grid(padding=(0, 1))
    rows.add_column(justify="right", min_width=9, no_wrap=True)
    rows.add_column()
    steps = list(enumerate(check.steps, start=1))
    hidden = 0 if everything else max(0, len(steps) - last_steps - 1)
    for number, step in steps[:1] + steps[1 + hidden :]:
        if number == 2 + hidden and hidden:
            rows.add_row(Text("…", style="label"), Text(count(hidden, "step") + " more", "label"))
        failed = number == len(steps)
        rows.add_row(
            Text(f"✗ {number}" if failed else str(number), style="failed" if failed else "label"),
            Text(step, style="failed" if failed else ""),
        )
    for label, value in facts(check, task.number):
        told = _whole(value, columns - 11) if label == "read" else value
        rows.add_row(Text(label, style="label"), Text(told))
    mark, style = _MISSED[check.level]
    title = Text.assemble((f"{mark} {check.title}", style), (f"  {check.id}", "label"))
    return Group(title, rows, *_ladder(check, columns, None if everything else LAST_ROWS))


def _whole(read: str, columns: int) -> str:
    """In lines of so many `columns`. None ends within a command: people copy them."""
    lines = [""]
    for item in read.split(" · "):
        longer = f"{lines[-1]} · {item}" if lines[-1] else item
        lines[-1:] = [longer] if len(longer) <= columns else [lines[-1], item]
    return "\n".join(lines)


def _ladder(check: CheckResult, columns: int, last: int | None) -> list[RenderableType]:
    """What happened, if the observer saw into the program."""
    if not any(event.kind == "call" for event in check.timeline):
        return []
    return [Text(), ladder.text.draw(ladder.layout.arrange(check.timeline, columns, last))]


def facts(check: CheckResult, number: str) -> list[tuple[str, str]]:
    """What is told of a failure, each with its label; `number` is its task's."""
    told = [
        ("expected", check.expected),
        ("got", check.got),
        ("program", "" if check.program in check.got else check.program),
        ("cause", check.reason),
        ("why", check.why),
        ("read", _reading(check, number)),
    ]
    return [(label, value) for label, value in told if value]


def _reading(check: CheckResult, number: str) -> str:
    manual = [re.sub(r"(.+)\((.+)\)", r"man \2 \1", page) for page in check.man]
    chapter, _, section = check.guide.partition("#")
    if (ROOT / "lab-guide" / f"{chapter}.md").exists():
        manual.append(" ".join(["./lab guide", number, *([section] if section else [])]))
    return " · ".join([*manual, f"./lab hint {number}"])


def _short_failure(check: CheckResult) -> RenderableType:
    if check.outcome == "error":
        return Text(f"! {check.title}: {check.reason.splitlines()[-1].strip()}", style="error")
    first = check.got.splitlines()[0] if check.got else check.reason
    mark, style = _MISSED[check.level]
    return Text.assemble((f"{mark} {check.title}: ", style), first)


def diagnostics(said: str, everything: bool) -> list[RenderableType]:
    """What the compiler said, cut unless `everything` is wanted."""
    lines = said.rstrip().splitlines()
    shown = lines if everything else lines[:COMPILER_LINES]
    parts: list[RenderableType] = [Text.from_ansi("\n".join(shown))]
    if len(shown) < len(lines):
        more = count(len(lines) - len(shown), "line")
        parts.append(Text(f"… {more} more: mend the first error first (-v shows all)", "label"))
    return parts


def counts(result: Result) -> str:
    """Of core checks, and of stars."""
    core = [check for check in result.checks if check.level == "core"]
    passed = sum(check.outcome == "passed" for check in core)
    return f"{passed} of {len(core)} core · {result.stars} of {result.max_stars} stars"


def summary(result: Result) -> RenderableType:
    """The last words of a verdict."""
    done = result.outcome == "done"
    line = Text(OUTCOMES[result.outcome], style="passed" if done else "failed")
    if result.checks:
        points = f"{result.points} of {result.max_points} points"
        line.append(f"  {counts(result)} · {points} · seed {result.seed}", style="default")
    if result.arena == "open":
        line.append("\nWithout a private network: see `./lab doctor`.", style="skipped")
    return line


def show(
    result: Result,
    task: Task,
    log: Path,
    out: Console,
    everything: bool = False,
    recorded: bool = False,
) -> None:
    """Prints the verdict."""
    out.print(verdict(result, task, log, everything, recorded))
