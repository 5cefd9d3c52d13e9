"""The guide as a reader has it: pages opened as files in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from checker.tests.browser import Browser, open_browser

CHAPTER = "10-tcp-server"
PHONE = 360
KINDS = (CHAPTER, "errno", "experiments", "index", "search", "tools")
"""Pages that have, together, everything that a page can contain."""


@pytest.fixture(scope="module")
def browser(pages: Path) -> Iterator[Browser]:  # noqa: ARG001  # made before a browser is opened
    with open_browser() as opened:
        yield opened


def every(pages: Path) -> list[str]:
    return [page.as_uri() for page in sorted(pages.glob("*.html"))]


def test_search_finds_what_a_chapter_says(browser: Browser, pages: Path) -> None:
    browser.shows(f"{(pages / 'search.html').as_uri()}?q=EADDRINUSE")
    found = WebDriverWait(browser.driver, 20).until(
        lambda driver: driver.find_elements(By.CSS_SELECTOR, "#search-results li a")
    )
    assert any(CHAPTER in (link.get_attribute("href") or "") for link in found)
    assert browser.complaints() == []


def test_a_question_is_answered_with_the_keyboard_and_remembered(
    browser: Browser, pages: Path
) -> None:
    address = (pages / f"{CHAPTER}.html").as_uri()
    browser.shows(address)
    browser.runs("document.querySelector('#question-second-server input').focus()")
    for key in (Keys.SPACE, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.TAB, Keys.ENTER):
        browser.driver.switch_to.active_element.send_keys(key)
    question = browser.driver.find_element(By.ID, "question-second-server")
    assert question.find_element(By.CSS_SELECTOR, "[role=status]").text == "As you predicted."
    assert "EADDRINUSE" in question.find_element(By.TAG_NAME, "details").text
    assert question.find_element(By.TAG_NAME, "fieldset").accessible_name.startswith("A server")
    browser.shows(address)
    chosen = "return document.querySelector('#question-second-server input:checked').value"
    assert browser.runs(chosen) == "2"


def test_a_prediction_comes_before_the_answer(browser: Browser, pages: Path) -> None:
    browser.shows((pages / f"{CHAPTER}.html").as_uri())
    browser.runs("localStorage.clear()")
    browser.driver.refresh()
    question = browser.driver.find_element(By.ID, "question-second-client")
    question.find_element(By.TAG_NAME, "button").send_keys(Keys.ENTER)
    said = question.find_element(By.CSS_SELECTOR, "[role=status]").text
    assert said == "Predict first: choose one."
    assert question.find_element(By.TAG_NAME, "details").get_attribute("open") is None


def test_without_scripts_the_answer_folds_out(browser: Browser, pages: Path) -> None:
    browser.tells("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.shows((pages / f"{CHAPTER}.html").as_uri())
        question = browser.driver.find_element(By.ID, "question-second-server")
        question.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
        assert "EADDRINUSE" in question.text
    finally:
        browser.tells("Emulation.setScriptExecutionDisabled", value=False)


def test_no_page_asks_anything_of_another_host_or_complains(browser: Browser, pages: Path) -> None:
    for address in every(pages):
        browser.shows(address)
        asked = browser.requests()
        assert asked, address
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert browser.complaints() == []


def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, pages: Path) -> None:
    for address in every(pages):
        browser.shows(address, width=PHONE)
        assert browser.runs("return document.documentElement.scrollWidth") <= PHONE, address


def test_what_a_page_can_contain_keeps_nobody_out(browser: Browser, pages: Path) -> None:
    for kind in KINDS:
        browser.shows((pages / f"{kind}.html").as_uri())
        assert browser.barriers() == [], kind


def test_what_a_page_can_contain_keeps_nobody_out_in_the_dark_either(
    browser: Browser, pages: Path
) -> None:
    browser.shows((pages / f"{CHAPTER}.html").as_uri(), dark=True)
    assert browser.barriers() == []
