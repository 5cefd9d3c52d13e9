"""`make slow-calls`: every solution with a pause before, or after, each of its calls, one call at a
time. A busy machine takes the processor from a program anywhere; here each place has its turn.

usage: python -m checker.proof.slow_calls [TASK]..."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from checker import catalog
from checker.catalog import Task
from checker.failure import CheckerError
from checker.machine import why_no_arena
from checker.proof.flakes import wrong
from checker.source import Source, read_files

SEED = 1
AT_ONCE = 4
"""Mostly they sleep."""
CALLS = (
    *("accept", "bind", "close", "connect", "fork", "getaddrinfo", "gethostname", "getnameinfo"),
    *("getpeername", "listen", "poll", "prctl", "read", "recv", "recvfrom", "select", "send"),
    *("sendto", "setsockopt", "sigaction", "socket", "waitpid", "write"),
)
PAUSES = {
    "before": ("true", "false"),
    "after": ("false", "true"),
    "in the child after": ("false", "result == 0"),
    "in the parent after": ("false", "result != 0"),
}
ONE_PROCESS = ("before", "after")

# Its own system call, which no check sees; the first ones only, or bulk would take too long.
SLOW = """
#include <sys/syscall.h>
#include <cerrno>
#include <ctime>
#include <unistd.h>
namespace slow {{
inline void pause_if(bool wanted) {{
  static int left = 25;
  if (!wanted || left == 0) return;
  --left;
  const int kept = errno;
  const timespec pause{{0, 40'000'000}};
  ::syscall(SYS_nanosleep, &pause, nullptr);
  errno = kept;
}}
template <class... Arguments>
auto call(Arguments&&... arguments) {{
  pause_if({before});
  const auto result = ::{name}(arguments...);
  pause_if({after});
  return result;
}}
}}
"""


def slowed(task: Task) -> Iterator[tuple[str, Source]]:
    """Where the pause is, and the solution with it."""
    source = read_files(task.slug, [task.solution])
    ((path, content),) = source.files.items()
    headers, last, code = content.decode().rpartition("#include <")
    for name in CALLS:
        call = rf"(?<![\w.]){name}\((?!\d\))"  # not a stream's write, nor a comment's write(2)
        slower, calls = re.subn(call, "slow::call(", code)
        if not calls:
            continue
        for where in PAUSES if name == "fork" else ONE_PROCESS:
            before, after = PAUSES[where]
            shim = SLOW.format(name=name, before=before, after=after)
            rest = slower.replace("\n", f"\n{shim}", 1)
            slow = f"{headers}{last}{rest}"
            yield f"{where} {name}", replace(source, files={path: slow.encode()})


def main(arguments: list[str]) -> int:
    if trouble := why_no_arena():
        raise CheckerError(f"the runs need the private arena: {trouble}")
    try:
        tasks = [catalog.find(name) for name in arguments] or catalog.tasks()
    except catalog.UnknownTaskError as error:
        print(f"slow-calls: {error}", file=sys.stderr)
        return 2
    runs = [(task, where, source) for task in tasks for where, source in slowed(task)]
    found = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        verdicts = pool.map(lambda run: wrong(run[0], SEED, run[2]), runs)
        for (_, where, _), lines in zip(runs, verdicts, strict=True):
            found += len(lines)
            for line in lines:
                print(f"a pause {where}: {line}", flush=True)
    print(f"slow calls: {found} wrong verdicts in {len(runs)} runs")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
