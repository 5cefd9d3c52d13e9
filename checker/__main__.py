"""`python -m checker`: the command line. `./lab` calls it."""

from checker.cli import main

if __name__ == "__main__":
    main()
