"""`python -m checker`: the command line. `./lab` calls it."""

import sys

if __name__ == "__main__":
    try:
        from checker.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)
