"""The prober: a process that judges one task, forked from a server that has pytest loaded."""

from __future__ import annotations

import gc
import importlib
import os
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from _pytest.config import default_plugins

from checker import names, peers, program, scene  # noqa: F401  # loaded once, before the forks
from checker.messages import Over, Spec
from checker.plugin import ScenePlugin, mark_of
from checker.processes import adopt_orphans
from checker.schedule import Schedule

UNUSED = (
    *("terminal", "cacheprovider", "faulthandler", "logging", "doctest", "junitxml", "pastebin"),
    *("unittest", "stepwise", "recwarn", "warnings", "setuponly", "setupplan", "debugging"),
    *("tmpdir", "monkeypatch", "legacypath", "threadexception", "unraisableexception", "reports"),
)
for used in set(default_plugins).difference(UNUSED):
    importlib.import_module(f"_pytest.{used}")
gc.freeze()  # what is loaded by now is shared by every fork
QUIET = [word for name in UNUSED for word in ("-p", f"no:{name}")]


class SessionPlugin(ScenePlugin):
    """Replaces pytest's loop over the checks by our own."""

    def __init__(self, spec: Spec, command: Connection) -> None:
        super().__init__(spec)
        self._wanted = spec.only
        self._command = command
        self._spec = spec
        self.trouble = ""
        self.hung_up = False

    def pytest_ignore_collect(self, collection_path: Path) -> bool:
        """Only the way to the one module is gone."""
        return not self._spec.module.is_relative_to(collection_path)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        try:
            for item in items:
                mark_of(item)
        except LookupError as error:
            self.trouble = str(error)
        if self._wanted:
            items[:] = [item for item in items if item.name.removeprefix("test_") in self._wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.trouble = report.longreprtext

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        try:
            if not self.trouble:
                Schedule(self._spec, session.items, self._command).run()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            self.hung_up = True
        except Exception:
            self.trouble = traceback.format_exc()
        return True


def judge(spec: Spec, command: Connection) -> None:
    """Judges one task, told what is built over `command` and telling there what comes out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command ends us by hanging up
    adopt_orphans()  # a worker that is killed leaves a program behind
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # nothing that just happens to be installed
    plugin = SessionPlugin(spec, command)
    folder = str(spec.module.parent)  # nothing above it is looked through
    root = ["--rootdir", folder, "--confcutdir", folder]
    arguments = [str(spec.module), "--noconftest", "-c", "/dev/null", *root]
    end = pytest.main([*arguments, *QUIET, "--assert=plain", "--capture=no"], plugins=[plugin])
    if end in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR) and not plugin.trouble:
        plugin.trouble = f"{spec.module}: the checks cannot be made ({pytest.ExitCode(end).name})"
    if not plugin.hung_up:
        with suppress(BrokenPipeError, ConnectionResetError):  # it has what it wanted to know
            command.send(Over(plugin.trouble))
