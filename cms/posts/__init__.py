"""Posts and notes: revisions, bylines, addresses, publishing and taking down."""
