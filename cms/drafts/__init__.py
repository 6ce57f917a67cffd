"""Text that is typed and not yet saved: kept a moment after each edit, per person and tab, so that nothing is lost; and
who else is at the same thing now. Knows nothing about what is being written, only its name (`post:12`)."""
