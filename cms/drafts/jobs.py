"""What the worker does for unsaved texts: forget them in the end."""

import logging
from datetime import timedelta
from typing import Any

from cms.core import clock
from cms.core.database import transaction
from cms.core.worker import Job
from cms.drafts import queries, services

log = logging.getLogger(__name__)
KEPT_FOR = timedelta(days=90)  # since the page was last heard of
UNDO_FOR = timedelta(days=1)  # a discarded text, and a visit without any


def forget_old_drafts() -> dict[str, Any]:
    """Remove discarded texts after a day, and unsaved ones that nobody came back to for ninety days."""
    at = clock.now()
    ids = queries.forgettable(empty_before=at - UNDO_FOR, before=at - KEPT_FOR)
    if not ids:
        return {}
    with transaction():
        services.forget(ids)
    log.info("%d unsaved texts and visits were forgotten", len(ids))
    return {"forgotten": len(ids)}


JOBS: list[Job] = [Job("forget_old_drafts", forget_old_drafts, every=900)]
