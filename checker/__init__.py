"""Loopback's checker: judges socket programs over a private loopback."""

__version__ = "1.0.0"
