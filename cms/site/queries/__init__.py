"""What readers see, in a small fixed number of queries for each page."""
