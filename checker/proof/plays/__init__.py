"""What is played with a program in whose calls something goes wrong, and what it owes even then.

It may give up, saying truly which call failed; a server may let one client go and serve the next.
It must not crash or hang, and no byte that arrives or is printed may be wrong."""
