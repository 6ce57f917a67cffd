"""Circles: groups that members make, what they talk about, and who sees them."""
