"""Posts and threads on Bluesky and other servers of the AT Protocol."""
