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
PAPER = 803
"""How many CSS pixels of 1/96 inch are 17 cm, between the margins, at a scale of 0.8."""
COLOURED = (CHAPTER, "errno", "experiments", "index", "search", "tools")
"""Pages that have, together, every colour of the style sheet; to compare them is slow."""


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


def test_a_short_answer_is_predicted_first_too(browser: Browser, pages: Path) -> None:
    browser.shows((pages / f"{CHAPTER}.html").as_uri())
    browser.runs("localStorage.clear()")
    browser.driver.refresh()
    question = browser.driver.find_element(By.ID, "question-where-it-blocks")
    button = question.find_element(By.TAG_NAME, "button")
    button.send_keys(Keys.ENTER)
    said = question.find_element(By.CSS_SELECTOR, "[role=status]").text
    assert said == "Predict first: write something."
    assert question.find_element(By.TAG_NAME, "details").get_attribute("open") is None
    question.find_element(By.TAG_NAME, "input").send_keys("in read")
    button.send_keys(Keys.ENTER)
    assert question.find_element(By.TAG_NAME, "details").get_attribute("open") is not None


def test_on_paper_nothing_is_cut_off_and_nothing_lies_over_the_text(
    browser: Browser, paper: Path
) -> None:
    browser.shows(paper.as_uri(), width=PAPER, media="print")
    assert browser.runs("return document.documentElement.scrollWidth") <= PAPER
    shown = (
        "const shown = [...document.body.querySelectorAll('*')].filter((one) => one.offsetWidth);"
    )
    lies_over = (
        "shown.filter((one) => getComputedStyle(one).position === 'fixed'"
        " && one.getBoundingClientRect().right > 0)"
    )
    assert browser.runs(f"{shown} return {lies_over}.map((one) => one.className)") == []
    cut = "shown.filter((one) => one.localName === 'pre' && one.scrollWidth > one.clientWidth)"
    assert browser.runs(f"{shown} return {cut}.map((one) => one.textContent)") == []


def test_no_page_keeps_anybody_out(browser: Browser, pages: Path) -> None:
    for page in sorted(pages.glob("*.html")):
        browser.shows(page.as_uri())
        colours = () if page.stem in COLOURED else ("color-contrast",)
        assert browser.barriers(without=colours) == [], page.stem


def test_every_colour_can_be_read_in_the_dark_too(browser: Browser, pages: Path) -> None:
    for name in COLOURED:
        browser.shows((pages / f"{name}.html").as_uri(), dark=True)
        assert browser.barriers() == [], name
