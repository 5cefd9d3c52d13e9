"""All that `lab grade` writes beside the ledger."""

from __future__ import annotations

from checker.grading.course import Course
from checker.grading.details import details_of
from checker.grading.gradebook import Gradebook
from checker.grading.ledger import Ledger
from checker.reports import pages
from checker.reports.formats import write as write_formats
from checker.reports.written import Written

PAGES = "pages"


def write(book: Gradebook, ledger: Ledger, course: Course) -> None:
    """Into the ledger's folder; each file whole or not at all. The reports of who, or what, is no
    longer in the class go."""
    details = details_of(ledger, course)
    written = Written(ledger.folder)
    write_formats.write(book, details, ledger.folder, written.write)
    pages.write(book, details, ledger.folder / PAGES, written.write)
    written.tidy()
