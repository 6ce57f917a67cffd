"""What the worker does for posts: publish and take down what is due, empty the trash, rank the hot words."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import Problem
from cms.core.worker import Job
from cms.posts import bulk, heat, queries, services
from cms.posts.models import Post, Release
from cms.posts.queries import Due
from cms.posts.services.trash import KEPT_FOR
from cms.topics import services as topics

log = logging.getLogger(__name__)


def publish_due_posts() -> dict[str, Any]:
    """Publish every post whose time has come; one that cannot be is left with the reason, and the rest go on."""
    at = clock.now()

    def miss(post_id: int, why: str) -> None:
        services.note_missed(post_id, why=why, at=at)

    return _each(
        queries.posts_due(at),
        lambda post_id: services.publish_if_due(post_id, at=at),
        miss,
        lambda post_id: services.count_try(Post, post_id),
        at=at,
        done="published",
    )


def publish_due_releases() -> dict[str, Any]:
    """Let every release go out whose time has come, whole; one that cannot is left with every reason."""
    at = clock.now()

    def miss(release_id: int, why: str) -> None:
        services.note_release_missed(release_id, why=why, at=at)

    return _each(
        queries.releases_due(at),
        lambda release_id: services.publish_release_if_due(release_id, at=at),
        miss,
        lambda release_id: services.count_try(Release, release_id),
        at=at,
        done="released",
    )


def take_down_ended_posts() -> dict[str, Any]:
    """Take down every post whose end has come; one that cannot be is left with the reason."""
    at = clock.now()

    def miss(post_id: int, why: str) -> None:
        services.note_removal_missed(post_id, why=why, at=at)

    return _each(
        queries.posts_ending(at),
        lambda post_id: services.take_down_if_due(post_id, at=at),
        miss,
        lambda post_id: services.count_try(Post, post_id, of="removal"),
        at=at,
        done="taken_down",
    )


def realign_planned_times() -> dict[str, Any]:
    """Let planned instants follow their wall times, after the rules of a zone changed. Also when the worker starts."""
    at = clock.now()
    with transaction():
        moved = services.realign_times(at=at)
    return {"moved": moved} if moved else {}


def _each(
    rows: Sequence[Due],
    act: Callable[[int], bool],
    miss: Callable[[int, str], None],
    count: Callable[[int], str | None],
    *,
    at: datetime,
    done: str,
) -> dict[str, Any]:
    """Act on each row in a transaction of its own. What is refused leaves the queue with the sentence, at once; what
    fails unexpectedly is tried again later, and leaves it too when that goes on."""
    counts = {done: 0, "missed": 0, "failed": 0}
    for row in rows:
        if not services.is_turn(row.due_at, row.tries, at=at):
            continue
        try:
            with transaction():
                counts[done] += act(row.id)
        except Problem as problem:
            with transaction():
                miss(row.id, str(problem.message))
            counts["missed"] += 1
            log.warning("%d could not be %s when it was due", row.id, done)
        except Exception:  # one bad row never stops the rest
            log.exception("%d failed to be %s", row.id, done)
            with transaction():
                if (why := count(row.id)) is not None:
                    miss(row.id, why)
            counts["failed"] += 1
    return {name: count for name, count in counts.items() if count}


def purge_trash() -> dict[str, Any]:
    """Remove for good what has been in the trash for thirty days."""
    at = clock.now()
    ids = queries.trash_to_purge(at - KEPT_FOR)
    for post_id in ids:
        with transaction():
            services.purge_post(post_id, by=None, at=at)
        log.info("post %d was removed: it had been in the trash for %d days", post_id, KEPT_FOR.days)
    return {"removed": len(ids)} if ids else {}


def rank_hot_words() -> dict[str, Any]:
    """Say which tags are hot now. Pinned ones stay in the list even when nobody writes about them."""
    at = clock.now()
    scores = heat.scores(queries.mentions_since(at - heat.LOOKED_AT), at=at)
    with transaction():
        changed = topics.store_hot_words(scores, at=at)
    return {"hot": len(scores)} if changed else {}


JOBS = [
    Job("publish_due_posts", publish_due_posts, every=1),
    Job("publish_due_releases", publish_due_releases, every=1),
    Job("take_down_ended_posts", take_down_ended_posts, every=1),
    Job("realign_planned_times", realign_planned_times, every=86_400),
    Job("run_bulk_acts", bulk.run_waiting, every=2),
    Job("purge_trash", purge_trash, every=3600),
    Job("rank_hot_words", rank_hot_words, every=600),
]
