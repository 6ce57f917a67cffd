"""Services without an adapter of their own, through the library Apprise, whose requests go out by our guarded way."""
