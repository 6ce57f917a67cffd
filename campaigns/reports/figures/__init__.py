"""Arithmetic of reports: pure functions of numbers, each with its source. Zero divisors, missing days and rounding are
decided here and nowhere else."""
