"""Draws every picture of the sample site by code, the same bytes each time."""
