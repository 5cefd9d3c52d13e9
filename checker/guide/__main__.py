"""`make guide` and `make guide-transcripts`.

usage: python -m checker.guide [--record]"""

from __future__ import annotations

import sys

from checker.guide import building, paper
from checker.sandbox import ROOT


def main(arguments: list[str]) -> int:
    if arguments == ["--record"]:
        return 0 if building.record() else 1
    if not building.html():
        return 1
    page = building.single_page()
    if page is None:
        return 1
    paper.print_to(page, building.BUILT / "loopback.pdf")
    for made in (building.HTML / "index.html", building.BUILT / "loopback.pdf"):
        print(made.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
