"""Hostile submissions: one, and one assertion, each."""
