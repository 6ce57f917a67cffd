"""Bringing work in from other systems, taking everything out, and the sample site."""
