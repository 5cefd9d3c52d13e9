"""All that `lab grade` writes beside the ledger."""

from __future__ import annotations

from checker.grading.course import Course
from checker.grading.details import details_of
from checker.grading.gradebook import Gradebook
from checker.grading.ledger import Ledger
from checker.reports import pages
from checker.reports.formats import write as write_formats

PAGES = "pages"


def write(book: Gradebook, ledger: Ledger, course: Course) -> None:
    """Into the ledger's folder; each file whole or not at all."""
    details = details_of(ledger, course)
    write_formats.write(book, details, ledger.folder)
    pages.write(book, details, ledger.folder / PAGES)
