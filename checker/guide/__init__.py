"""The guide: what its chapters are made with, and how they are built and opened."""
