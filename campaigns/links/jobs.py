"""What the worker runs here."""

from cms.core.worker import Job

JOBS: list[Job] = []
