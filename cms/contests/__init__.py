"""Contests: a theme, its rules and prizes, phases that open and close by themselves, entries, results. What a jury and
voters do with entries is in `judging`."""
