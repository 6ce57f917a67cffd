"""Everything of a site in a folder that people and other programs can read, and back into an empty database.

Table-driven: every table of every room is carried unless it is named in `contents`, so a new room needs nothing here.
`docs/archive.md` describes the format.
"""
