"""`lab doctor`: what the machine needs, what is missing, and the command that mends it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from checker import sockets
from checker.machine import why_no_arena, why_no_process_limit
from checker.observer import LIBRARY
from checker.sandbox import FILTER, LAUNCH, ROOT

TOOLS = {"g++": "g++", "cmake": "cmake", "ninja": "ninja-build", "bwrap": "bubblewrap"}
HEADERS = {
    "doctest": ("doctest/doctest.h", "doctest-dev"),
    "libseccomp": ("seccomp.h", "libseccomp-dev"),
}
APPARMOR = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
CLONE = Path("/proc/sys/kernel/unprivileged_userns_clone")
MAXIMUM = Path("/proc/sys/user/max_user_namespaces")


def examine() -> tuple[RenderableType, bool]:
    """The report, and whether everything is there."""
    parts: list[RenderableType] = []
    healthy = True
    for what, trouble, mend in _findings():
        if trouble:
            healthy = False
            parts.append(Text.assemble(("✗ ", "failed"), what, (f": {trouble}", "failed")))
            parts.append(Padding(Text(mend), (0, 0, 0, 4)))
        else:
            parts.append(Text.assemble(("✓ ", "passed"), what))
    return Group(*parts), healthy


def _findings() -> list[tuple[str, str, str]]:
    """(what, what is wrong with it, the command that mends it)."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    found = [(f"Python {version}", "", "")]
    for tool, package in TOOLS.items():
        trouble = "" if shutil.which(tool) else "missing"
        found.append((tool, trouble, f"apt-get install {package}    (as root)"))
    for name, (header, package) in HEADERS.items():
        trouble = "" if Path("/usr/include", header).exists() else "missing"
        found.append((name, trouble, f"apt-get install {package}    (as root)"))
    built = LAUNCH.exists() and LIBRARY.exists() and FILTER.exists()
    found.append(("native parts", "" if built else "not built", "scripts/setup"))
    modules = "as root:  modprobe -a inet_diag tcp_diag udp_diag"
    found.append(("the kernel tells about sockets", sockets.why_not(), modules))
    found.append(("private network for programs", trouble := why_no_arena(), _mend_arena()))
    if not trouble:
        ordinary = "grade as an ordinary user, and not as root"
        found.append(("a limit on processes", why_no_process_limit(), ordinary))
    writable = os.access(ROOT, os.W_OK)
    found.append(("this folder can be written", "" if writable else "no", f"chown -R $USER {ROOT}"))
    return found


def _mend_arena() -> str:
    if not shutil.which("bwrap"):
        return "apt-get install bubblewrap    (as root)"
    if _reads(APPARMOR, "1"):
        return (
            "AppArmor keeps user namespaces from ordinary programs (Ubuntu's default).\n"
            "As root:  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0\n"
            "Until then, checks use this machine's own loopback, and some are skipped."
        )
    if _reads(CLONE, "0"):
        return "as root:  sysctl -w kernel.unprivileged_userns_clone=1"
    if _reads(MAXIMUM, "0"):
        return "as root:  sysctl -w user.max_user_namespaces=10000"
    return (
        "User namespaces are forbidden here, as in many containers.\n"
        "Checks use this machine's own loopback instead, and some are skipped."
    )


def _reads(path: Path, value: str) -> bool:
    try:
        return path.read_text().strip() == value
    except OSError:
        return False
