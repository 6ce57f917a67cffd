"""Posts on somebody's WordPress site (REST API)."""
