"""The other end of the wire, played by the checker."""
