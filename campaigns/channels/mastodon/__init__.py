"""Posts and threads on Mastodon, and on servers that speak its API."""
