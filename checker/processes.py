"""What /proc tells about processes (proc(5))."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def parent(pid: int) -> int | None:
    """The parent's process id; None when there is no such process."""
    fields = _stat(pid)
    return int(fields[1]) if fields else None


def state(pid: int) -> str:
    """`R` running, `S` sleeping, `Z` zombie, …; empty when there is no such process."""
    fields = _stat(pid)
    return fields[0] if fields else ""


def cpu_seconds(pid: int) -> float:
    """Processor time that the process has used, in seconds."""
    with suppress(OSError, IndexError, ValueError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return 0.0


def awake_seconds(pid: int) -> float:
    """Seconds that the process has used a processor or waited for one, on however busy a machine:
    what it did not sleep."""
    with suppress(OSError, IndexError, ValueError):
        used, waited, _ = Path(f"/proc/{pid}/schedstat").read_text().split()
        return (int(used) + int(waited)) / 1e9
    return 0.0


def memory(pid: int) -> int:
    """Bytes of memory that the process has in use (VmRSS)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
    return 0


def tasks_of(user: int) -> int:
    """How many processes and threads the user has: what RLIMIT_NPROC limits (setrlimit(2))."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError, KeyError):
            told = dict(line.split(":\t", 1) for line in status.read_text().splitlines())
            total += int(told["Threads"]) if int(told["Uid"].split()[0]) == user else 0
    return total


def killed_for_memory() -> int:
    """How many processes the kernel has killed since it started, because the machine or a group of
    processes had no memory left (proc(5), vmstat)."""
    with suppress(OSError):
        for line in Path("/proc/vmstat").read_text().splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def ignores(pid: int, number: signal.Signals) -> bool:
    """Whether the process ignores that signal, which an exec(2) would pass on."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("SigIgn:"):
                return bool(int(line.split()[1], 16) >> (number - 1) & 1)
    return False


def is_first(pid: int) -> bool:
    """Whether the process is the first one of a pid namespace below ours."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return line.split()[2:] == ["1"]
    return False


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, parents before their children; zombies too."""
    found: list[int] = []
    queue = [pid]
    while queue:
        born = children(queue.pop(0))
        found += born
        queue += born
    return found


def adopt_orphans() -> None:
    """Whoever loses its parents becomes our child, and not that of the machine's first process."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def end_orphans() -> None:
    """Kills those that we have adopted, who are in sessions of their own, and who becomes an orphan
    by that; waits until they are gone."""
    ours = os.getsid(0)
    while orphans := [pid for pid in children(os.getpid()) if os.getsid(pid) != ours]:
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def kill_all(root: int) -> None:
    """Kills the processes below `root`, also those that appear meanwhile; `root` reaps them."""
    while found := _living(root):
        stopped: set[int] = set()
        while found - stopped:  # who is stopped forks no more, and still counts for the limit
            _signal_all(found - stopped, signal.SIGSTOP)
            stopped |= found
            found = _living(root)
        _signal_all(stopped, signal.SIGKILL)


def _living(root: int) -> set[int]:
    return {pid for pid in descendants(root) if state(pid) not in ("Z", "")}


def _signal_all(pids: set[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def descriptors(pid: int) -> dict[int, str]:
    """The process's open descriptors and what each is, such as `socket:[4711]`."""
    found: dict[int, str] = {}
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
    return found


def children(pid: int) -> list[int]:
    """The process's children, oldest first; zombies too."""
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError):
                text = Path(f"/proc/{pid}/task/{task}/children").read_text()
                found += [int(word) for word in text.split()]
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the command's name, which may hold anything."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return []
