"""Members' own blogs: applying for one, writing there, what editors feature of them, and pitches to the main blog."""
