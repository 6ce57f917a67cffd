"""Writing what the site keeps: the search index, what was searched for, the settings and the home page."""
