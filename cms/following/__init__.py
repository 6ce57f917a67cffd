"""What somebody follows: people, tags and whatever rooms below offer; their reading page, their news, their OPML."""
