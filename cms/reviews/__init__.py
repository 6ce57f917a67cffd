"""Who must agree before a text goes out: steps per section, rounds, decisions bound to the text they were made about,
comments on passages, claims that need a source, and what the quality panel finds."""
