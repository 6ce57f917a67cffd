"""Posts on a site run with Ghost (Admin API)."""
