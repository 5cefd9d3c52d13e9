"""A real browser that looks at pages of this machine, and tells what it asked for and what it
complained of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from selenium.webdriver import Chrome

from checker.guide.browser import open_chromium

SEVERE = ("serious", "critical")


class Browser:
    """`driver` is selenium's; what is here is what it leaves to its users."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver

    def shows(
        self, address: str, width: int = 1280, dark: bool = False, media: str = "screen"
    ) -> None:
        """Opens a page in a window of that width, in CSS pixels; what was said before is
        forgotten."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tells("Emulation.setEmulatedMedia", media=media, features=[scheme])
        self.tells(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )
        self.complaints()
        self.requests()
        self.driver.get(address)

    def tells(self, command: str, **arguments: Any) -> dict[str, Any]:
        """A command of the DevTools protocol, and its answer."""
        answer: dict[str, Any] = self.driver.execute_cdp_cmd(command, arguments)
        return answer

    def runs(self, script: str, *arguments: Any) -> Any:
        """JavaScript in the page; what it returns."""
        return self.driver.execute_script(script, *arguments)

    def complaints(self) -> list[str]:
        """What its console has said since the last time, violations of a page's policy included."""
        return self._log("browser")

    def requests(self) -> list[str]:
        """The addresses that it has asked for since the last time."""
        events = [json.loads(entry) for entry in self._log("performance")]
        return [
            event["message"]["params"]["request"]["url"]
            for event in events
            if event["message"]["method"] == "Network.requestWillBeSent"
        ]

    def barriers(self, without: tuple[str, ...] = ()) -> list[str]:
        """What axe finds that keeps people out, one line each, in folded parts too. `without`: the
        names of its rules that are left out."""
        self.runs("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        self.runs((files("axe_core_python") / "axe.min.js").read_text())
        found = self.driver.execute_async_script(
            "const [rules, done] = arguments;"
            "axe.run({preload: false, resultTypes: ['violations'], rules}).then(done)",
            {rule: {"enabled": False} for rule in without},
        )
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            if violation["impact"] in SEVERE
            for node in violation["nodes"]
        ]

    def _log(self, kind: str) -> list[str]:
        entries = self.driver.get_log(kind)  # type: ignore[no-untyped-call]  # selenium's
        return [entry["message"] for entry in entries]


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A browser that nobody has used before, until the end of the block. CheckerError, with what
    to do, where it is not installed."""
    logs = {"browser": "ALL", "performance": "ALL"}
    with open_chromium("--force-prefers-reduced-motion", logs=logs) as driver:
        yield Browser(driver)
