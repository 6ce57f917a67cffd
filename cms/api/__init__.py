"""`/api/v1` for programs: thin, on the same rules and services as the desk, described by the schemas that validate."""
