"""The walkthrough: one screen from which the whole track can be done.

app         the screen, and what each key does
keys        the keys, and the line that names them
worker      judges what is saved, in a thread of its own
board       what is known of one task's checks
tasks, brief, checks   the panels
dialogs, welcome, experiments   what comes over them
session     opens it, and leaves the terminal as it was, however it ends
"""

from __future__ import annotations

import os
import sys


def has_terminal() -> bool:
    """Whether there is one to open the walkthrough in."""
    ends = (sys.stdin, sys.stdout, sys.stderr)
    return all(end.isatty() for end in ends) and os.environ.get("TERM") not in (None, "", "dumb")
