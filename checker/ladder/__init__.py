"""The picture of a timeline: a lane for the program (or each of its processes) and each peer."""
