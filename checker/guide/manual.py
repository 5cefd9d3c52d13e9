"""Manual pages: those that the guide may name, and where they can be read.

`python -m checker.guide.manual` makes the list anew, from this machine's packages."""

from __future__ import annotations

import re
import subprocess
from functools import cache

from checker.sandbox import ROOT

LIST = ROOT / "lab-guide" / "manual-pages.txt"
ONLINE = "https://manpages.debian.org/bookworm/{name}.{section}.en.html"
PACKAGES = (
    *("manpages", "manpages-dev", "bubblewrap", "gdb", "gcc-12", "iproute2", "iputils-ping"),
    *("lsof", "netcat-openbsd", "procps", "strace", "tcpdump", "util-linux", "bash", "coreutils"),
)
ALTERNATIVES = {"nc(1)": "nc_openbsd(1)"}
"""Pages that update-alternatives(1) names, and so no package."""
_FILE = re.compile(r"/usr/share/man/man(\d)/([\w.+-]+)\.\1\.gz")


@cache
def known() -> frozenset[str]:
    """Such as `recv(2)`."""
    return frozenset(LIST.read_text().split())


def address(page: str) -> str:
    """Where the page `recv(2)` can be read; LookupError when there is no such page."""
    if page not in known():
        raise LookupError(f"there is no manual page {page}")
    name, _, section = ALTERNATIVES.get(page, page).rstrip(")").partition("(")
    return ONLINE.format(name=name, section=section)


def installed() -> list[str]:
    """Those of the packages that this machine has; symbolic links are pages too."""
    pages: set[str] = set()
    for package in PACKAGES:
        done = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=False)
        pages |= {f"{name}({section})" for section, name in _FILE.findall(done.stdout)}
    pages |= {name for name, meant in ALTERNATIVES.items() if meant in pages}
    return sorted(pages)


if __name__ == "__main__":
    LIST.write_text("".join(f"{page}\n" for page in installed()))
