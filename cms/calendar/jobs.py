"""What the worker does for this room."""

from cms.core.worker import Job

JOBS: list[Job] = []
