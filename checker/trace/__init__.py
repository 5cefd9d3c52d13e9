"""`lab trace`: the student's program, run by hand in an arena, its ladder growing live."""
