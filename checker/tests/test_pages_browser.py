"""The pages of a graded class in a real browser: looks, keyboard, paper, and people's needs."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from checker.reports import pages
from checker.tests.browser import Browser
from checker.tests.graded import programs, the_class

CLASS, TASK, STUDENT = "index.html", "tasks/10-tcp-server.html", "students/bruno.html"
BROKEN = "students/carla.html"
PHONE = 360
UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
FOCUSED = "return document.activeElement"

every_page = pytest.mark.parametrize("page", [CLASS, TASK, STUDENT, BROKEN])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pages")
    pages.write(the_class(), programs, place)
    return place


@pytest.mark.parametrize("page", [CLASS, TASK, STUDENT])
@pytest.mark.parametrize("dark", [False, True])
def test_a_page_asks_for_files_alone_and_keeps_nobody_out(
    browser: Browser, folder: Path, page: str, dark: bool
) -> None:
    browser.shows((folder / page).as_uri(), dark=dark)
    assert browser.complaints() == []
    asked = browser.requests()
    assert [address for address in asked if not address.startswith("file://")] == []
    assert (folder / "style.css").as_uri() in asked
    browser.runs(UNFOLD)
    assert browser.barriers() == []


def test_light_and_dark_differ(browser: Browser, folder: Path) -> None:
    seen = []
    for dark in (False, True):
        browser.shows((folder / CLASS).as_uri(), dark=dark)
        seen.append(browser.runs("return getComputedStyle(document.body).backgroundColor"))
    assert seen == ["rgb(255, 255, 255)", "rgb(18, 22, 28)"]


@every_page
def test_on_a_phone_no_page_scrolls_sideways(browser: Browser, folder: Path, page: str) -> None:
    browser.shows((folder / page).as_uri(), width=PHONE)
    browser.runs(UNFOLD)
    assert browser.runs("return document.documentElement.scrollWidth") <= PHONE


@every_page
def test_the_first_tab_offers_to_skip_to_the_content(
    browser: Browser, folder: Path, page: str
) -> None:
    browser.shows((folder / page).as_uri())
    skip = focus_next(browser)
    assert skip.text == "Skip to the content"
    assert skip.rect["x"] >= 0
    assert browser.runs("return getComputedStyle(arguments[0]).outlineStyle", skip) == "solid"
    skip.send_keys(Keys.ENTER)
    assert browser.runs(FOCUSED).tag_name == "main"


def test_the_keyboard_reaches_every_link_and_the_heat_map_of_the_class(
    browser: Browser, folder: Path
) -> None:
    browser.shows((folder / CLASS).as_uri())
    browser.runs(UNFOLD)
    stops = browser.runs(
        "window.reached = [];"
        "document.addEventListener('focusin', event => reached.push(event.target));"
        "return [...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')]"
        ".map(one => one.textContent.trim())"
    )
    browser.driver.switch_to.active_element.send_keys(Keys.TAB * len(stops))
    assert browser.runs("return reached.map(one => one.textContent.trim())") == stops
    assert {"To look at", "Students", "10-tcp-server", "Ana"} <= set(stops)
    assert any(text.startswith("Each student's tasks, in percent") for text in stops)


def test_the_names_of_the_students_stay_while_their_checks_scroll(
    browser: Browser, folder: Path
) -> None:
    browser.shows((folder / TASK).as_uri(), width=PHONE)
    name = browser.driver.find_element(By.CSS_SELECTOR, ".heat tbody th")
    place = "return arguments[0].getBoundingClientRect().x"
    before = browser.runs(place, name)
    moved = browser.runs(
        "const region = arguments[0].closest('.scroll'); region.scrollLeft = 200;"
        "return region.scrollLeft",
        name,
    )
    assert moved == 200
    assert browser.runs(place, name) == before


def test_enter_opens_what_is_folded(browser: Browser, folder: Path) -> None:
    browser.shows((folder / STUDENT).as_uri())
    details = browser.driver.find_element(By.CSS_SELECTOR, "details.file")
    assert details.get_attribute("open") is None
    details.find_element(By.TAG_NAME, "summary").send_keys(Keys.ENTER)
    assert details.get_attribute("open") is not None
    assert details.find_element(By.TAG_NAME, "pre").is_displayed()


@pytest.mark.parametrize(
    ("page", "place"), [(STUDENT, "08-sigpipe-ends"), (BROKEN, "08-sigpipe-1-")]
)
def test_a_link_into_what_is_folded_opens_it(
    browser: Browser, folder: Path, page: str, place: str
) -> None:
    browser.shows((folder / page).as_uri())
    link = browser.driver.find_element(By.CSS_SELECTOR, f"a[href^='#{place}']")
    target = browser.driver.find_element(By.CSS_SELECTOR, f"[id^='{place}']")
    assert not target.is_displayed()
    link.click()
    assert target.is_displayed()


@pytest.mark.parametrize("page", [CLASS, STUDENT])
def test_a_page_can_be_printed_whole(browser: Browser, folder: Path, page: str) -> None:
    browser.shows((folder / page).as_uri())
    assert not folded_is_shown(browser)
    browser.tells("Emulation.setEmulatedMedia", media="print")
    assert folded_is_shown(browser)
    browser.tells("Emulation.setEmulatedMedia", media="")
    printed = base64.b64decode(browser.tells("Page.printToPDF")["data"])
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 1


def folded_is_shown(browser: Browser) -> bool:
    """Once the page has been drawn anew."""
    shown: bool = browser.driver.execute_async_script(
        "const folded = document.querySelector('details:not([open]) > :not(summary)');"
        "const done = arguments[0];"
        "requestAnimationFrame(() => requestAnimationFrame(() => done(folded.checkVisibility())))"
    )
    return shown


def focus_next(browser: Browser) -> WebElement:
    browser.driver.switch_to.active_element.send_keys(Keys.TAB)
    return browser.driver.switch_to.active_element
