"""Why a ledger cannot be used. Apart from it, so that the command line need not load a database."""

from __future__ import annotations


class LedgerError(Exception):
    """One line: what is wrong with the ledger, and what to do."""
