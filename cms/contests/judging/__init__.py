"""The jury and the public vote of a contest: who scores what, what scores add up to, and how anybody can check it.

The arithmetic (`rubric`, `aggregation`, `ranking`, `mixing`, `tally`, `assigning`) is pure, so that a bundle of results
is recomputed by the very functions that made it, without a database.
"""
