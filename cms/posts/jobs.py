"""What the worker does for posts: publish what is due, empty the trash, rank the hot words."""

import logging
from datetime import timedelta
from typing import Any

from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.posts import heat, queries, services
from cms.topics import services as topics

log = logging.getLogger(__name__)
KEPT_IN_TRASH = timedelta(days=30)


def publish_due_posts() -> dict[str, Any]:
    """Publish every post whose time has come; one that cannot be is left with the reason, and the rest go on."""
    at, counts = clock.now(), {"published": 0, "missed": 0}
    for post_id in queries.posts_due(at):
        try:
            with transaction():
                counts["published"] += services.publish_if_due(post_id, at=at)
        except Problem as problem:
            with transaction():
                services.note_missed(post_id, why=str(problem.message))
            counts["missed"] += 1
            log.warning("post %d could not be published when it was due", post_id)
        except (
            Exception
        ):  # one bad row never stops the rest; it stays due, and the desk shows that it is late
            log.exception("post %d failed to be published", post_id)
            counts["missed"] += 1
    return {name: count for name, count in counts.items() if count}


def purge_trash() -> dict[str, Any]:
    """Remove for good what has been in the trash for thirty days."""
    at = clock.now()
    ids = queries.trash_to_purge(at - KEPT_IN_TRASH)
    for post_id in ids:
        with transaction():
            services.purge_post(post_id, by=None, at=at)
        log.info("post %d was removed: it had been in the trash for %d days", post_id, KEPT_IN_TRASH.days)
    return {"removed": len(ids)} if ids else {}


def rank_hot_words() -> dict[str, Any]:
    """Say which tags are hot now. Pinned ones stay in the list even when nobody writes about them."""
    at = clock.now()
    scores = heat.scores(queries.mentions_since(at - heat.LOOKED_AT), at=at)
    with transaction():
        changed = topics.store_hot_words(scores, at=at)
    return {"hot": len(scores)} if changed else {}


JOBS = [
    Job("publish_due_posts", publish_due_posts, every=5),
    Job("purge_trash", purge_trash, every=3600),
    Job("rank_hot_words", rank_hot_words, every=600),
]
