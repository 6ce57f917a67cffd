"""/api/v1: a thin layer over the same services and queries that the pages use."""
