"""The browser of the tests sees what pages do wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.failure import CheckerError
from checker.tests.browser import Browser, open_browser

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src *">
</head><body><main><h1>A page</h1>{}</main></body></html>"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Browser:
    """After a page with all faults, one without any is shown."""
    bad, good = tmp_path / "bad.html", tmp_path / "good.html"
    bad.write_text(PAGE.format('<p style="color: #eee">x</p><img src="http://127.0.0.1:9/x.png">'))
    good.write_text(PAGE.format("<p>x</p>"))
    browser.shows(bad.as_uri())
    browser.shows(good.as_uri())
    return browser


def test_a_good_page_has_no_faults_and_none_is_left_of_the_one_before(page: Browser) -> None:
    assert page.complaints() == []
    assert [address.rpartition("/")[2] for address in page.requests()] == ["good.html"]
    assert page.barriers() == []


def test_faults_are_seen(page: Browser) -> None:
    page.driver.back()
    assert "Content Security Policy" in " ".join(page.complaints())
    assert "http://127.0.0.1:9/x.png" in page.requests()
    assert any(barrier.startswith("image-alt") for barrier in page.barriers())


def test_where_it_is_missing_its_absence_is_a_failure_that_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CheckerError) as caught, open_browser():
        pass
    assert str(caught.value) == "chromedriver is not installed: run scripts/setup --dev"
