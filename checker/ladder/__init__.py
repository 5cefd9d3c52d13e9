"""The picture of a timeline: a lane for the program (or each of its processes) and each peer."""

from checker.ladder import layout, svg, text

__all__ = ["layout", "svg", "text"]
