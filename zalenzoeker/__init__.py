"""Zalenzoeker: find a room in Ghent, ask for it, and see what happens there."""

__version__ = "0.1.0"
