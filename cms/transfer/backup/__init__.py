"""A whole site in one file, taken while it runs, for the day when the machine is gone.

Unlike an archive it holds everything, secrets as they are stored (encrypted, and never their keys), in the form of its
database: a copy of the file for SQLite, `COPY` of each table for PostgreSQL. `docs/operations.md` tells how to use it.
"""
