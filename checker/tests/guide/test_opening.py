"""`./lab guide`."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from checker.guide import building
from checker.guide.opening import NoChapterError, open_guide


@pytest.fixture
def opened(pages: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:  # noqa: ARG001  # pages: there are some
    """The addresses that a browser was asked to show; there is a screen."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("SSH_CONNECTION", raising=False)
    monkeypatch.delenv("BROWSER", raising=False)
    return addresses


def test_a_tasks_chapter_is_opened_at_the_section(opened: list[str]) -> None:
    address = open_guide("10", "rude-clients")
    assert address == f"{(building.HTML / '10-tcp-server.html').as_uri()}#rude-clients"
    assert opened == [address]


def test_without_a_task_the_first_page_is_opened(opened: list[str]) -> None:
    assert open_guide(None, None).endswith("/index.html")
    assert len(opened) == 1


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", ""])
def test_where_nobody_would_see_a_browser_only_the_address_is_told(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    if variable:
        monkeypatch.setenv(variable, "somewhere")
    else:
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert open_guide("tcp-server", None).startswith("file://")
    assert opened == []


def test_a_browser_that_was_named_is_used_over_ssh_too(
    opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_CONNECTION", "somewhere")
    monkeypatch.setenv("BROWSER", "lynx")
    assert opened == [open_guide("10", None)]


@pytest.mark.parametrize(
    ("chapter", "section", "complaint"),
    [
        ("nonsense", None, "no chapter is called “nonsense”; `./lab guide` shows them all"),
        ("10-tcp-serve", None, "is it “10-tcp-server”?"),
        ("10", "nonsense", "10-tcp-server has no section “nonsense”"),
    ],
)
def test_what_is_not_there_is_named(
    opened: list[str], chapter: str, section: str | None, complaint: str
) -> None:
    with pytest.raises(NoChapterError, match=complaint.replace("?", r"\?")):
        open_guide(chapter, section)
    assert opened == []


def test_stale_pages_are_made_again_and_fresh_ones_are_not(
    opened: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[bool] = []

    def html() -> bool:
        made.append(True)
        return True

    monkeypatch.setattr(building, "html", html)
    monkeypatch.setattr(building, "is_stale", lambda: False)
    open_guide(None, None)
    assert made == []
    monkeypatch.setattr(building, "is_stale", lambda: True)
    open_guide(None, None)
    assert made == [True]
    assert "the guide's pages are made" in capsys.readouterr().err
    assert len(opened) == 2


def test_a_page_is_stale_when_a_chapter_is_newer(
    pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pages and not building.is_stale()
    (tmp_path / "chapter.md").write_text("# New\n")
    monkeypatch.setattr(building, "SOURCE", tmp_path)
    assert building.is_stale()
