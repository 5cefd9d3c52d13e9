"""A browser that nobody has used before, driven over WebDriver."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from checker.failure import CheckerError

if TYPE_CHECKING:  # only maintainers have it
    from selenium.webdriver import Chrome

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--no-proxy-server",
)


@contextmanager
def open_chromium(*flags: str, logs: dict[str, str] | None = None) -> Iterator[Chrome]:
    """Chromium, with these flags too, until the end of the block. `logs`: which of its logs are
    kept, and from which level on. CheckerError, with what to do, where it is not installed."""
    driver_path, browser_path = _needed("chromedriver"), _needed("chromium")
    from selenium.webdriver import Chrome, ChromeOptions, ChromeService

    options = ChromeOptions()
    options.binary_location = browser_path
    options.set_capability("goog:loggingPrefs", logs or {})
    with tempfile.TemporaryDirectory(prefix="browser-") as profile:
        for flag in (*FLAGS, *flags, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        driver = Chrome(options=options, service=ChromeService(driver_path))
        try:
            _leave_its_first_page(driver)
            yield driver
        finally:
            driver.quit()


def _needed(command: str) -> str:
    path = shutil.which(command)
    if path is None:
        raise CheckerError(f"{command} is not installed: run scripts/setup --dev")
    return path


def _leave_its_first_page(driver: Chrome) -> None:
    """It may still be loading, and would come into our requests, or in our page's place."""
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    ours = driver.current_window_handle
    driver.switch_to.window(first)
    driver.close()
    driver.switch_to.window(ours)
