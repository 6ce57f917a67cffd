"""Writing and reading: everything that happens on the company's own site."""
