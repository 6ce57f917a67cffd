"""A comparison as a file: CSV, XLSX, PDF, PNG. The same figures as the page, from the same `Comparison`.

`content` lays everything out once, in words and numbers; the writers below it only know their format.
"""
