"""Figures of the sample site, for `parley demo`: eighteen months of readers, of machines that look like them, and of who
follows the feeds.

They are told as web processes tell them, in lines of a spool, and added up by the collector: nothing of the sample goes
into the store by a way of its own. A post is read most on the days it is sent somewhere, less each day after, and now
and then for as long as it is found. One goes round the world, one nobody wants, and to one people rush for an hour, long
after it was new. All invented, and the same each time it is made at the same moment.
"""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import select
from tqdm import tqdm

from campaigns.channels.models import Account
from campaigns.deliveries.models import Delivery
from campaigns.engagement.collector import collect
from campaigns.engagement.installing import store
from campaigns.engagement.lines import Line, number_of, write_line
from campaigns.engagement.sample.crowd import Crowd, milliseconds
from campaigns.engagement.sample.feeds import polls
from campaigns.engagement.sample.reading import Reading, Told, Way
from campaigns.engagement.sample.rush import find_rush
from campaigns.engagement.spool import ENDING
from campaigns.engagement.visitors import window_at
from campaigns.links.models import Link
from cms.comments.models import Comment
from cms.core.database import db
from cms.core.pages import config
from cms.posts.models import Post
from cms.site.edition import post_path
from cms.transfer.demo.site import DemoSite

PAST = timedelta(days=547)
SEED = 1876  # the year of the first telephone
AT_ONCE = 8000  # lines
LOUD, SILENT = ("night-bus", 7.0), ("open-standard", 0.12)  # story, and how many times as many read it
FOUND_ANEW = "lent-battery"  # the story that somebody elsewhere points at


def make_figures(site: DemoSite) -> None:
    """Tell what happened, and add it up. Inside the transaction of the sample site, which the store does not wait for."""
    lines = sample_lines(site)
    settings = config()
    with (
        tempfile.TemporaryDirectory() as folder,
        tqdm(total=len(lines), desc="Counting", unit=" events", disable=None) as bar,
    ):
        for first in range(0, len(lines), AT_ONCE):
            some = lines[first : first + AT_ONCE]
            file = Path(folder) / f"sample-{first}{ENDING}"
            file.write_bytes(b"".join(map(write_line, some)))
            while collect(
                Path(folder),
                store(),
                window=settings.visitor_window,
                oldest=PAST + PAST,
                followers=current_app.extensions["parley_followers"],
            ):
                pass
            bar.update(len(some))
    oldest = site.at - timedelta(days=settings.raw_days)  # what the worker would forget a little later
    store().forget(
        before_month=int(f"{oldest:%Y%m}"), before_window=window_at(site.at, settings.visitor_window)
    )


def sample_lines(site: DemoSite) -> list[Line]:
    """Everything, in the order in which it happened, up to the moment the site is made."""
    told = _told(site)
    crowd = Crowd(SEED, window=config().visitor_window)
    found = find_rush(told, _tellings(site, told, FOUND_ANEW), until=site.at)
    reading = Reading(crowd, told, since=site.at - PAST, until=site.at, rush=found)
    happened = [*reading.lines(), *polls(crowd.chance, until=site.at), *_comments(site.at)]
    return sorted(happened, key=lambda line: (line.at, line.subject, line.visitor))


def _told(site: DemoSite) -> list[Told]:
    """Posts that are live, with the ways by which they are found."""
    loudness = {
        db.session.get_one(Post, site.stories[story]).story_id: times
        for story, times in (LOUD, SILENT)
        if story in site.stories
    }
    ways = _ways(site.at)
    posts = db.session.scalars(select(Post).where(Post.live_revision_id.is_not(None)).order_by(Post.id))
    return [
        Told(
            post.id,
            f"page:{post_path(post.kind, post.id, post.slug)}",
            post.first_published_at,
            post.kind,
            "zh" if post.language.startswith("zh") else "en",
            loudness.get(post.story_id, 1.0),
            ways.get(post.id, ()),
        )
        for post in posts
        if post.first_published_at is not None
    ]


def _tellings(site: DemoSite, told: Sequence[Told], story: str) -> list[Told]:
    """The posts that tell a story, one for each language; none where the site does not have it."""
    if story not in site.stories:
        return []
    first = db.session.get_one(Post, site.stories[story])
    ids = set(db.session.scalars(select(Post.id).where(Post.story_id == first.story_id)))
    return [one for one in told if one.id in ids]


def _comments(until: datetime) -> Iterator[Line]:
    """Those of readers that are there, as facts of nobody's visit."""
    query = select(Comment).where(Comment.subject_kind == "post", Comment.state == "visible")
    for one in db.session.scalars(query.order_by(Comment.id)):
        if one.created_at < until:
            yield Line(
                milliseconds(one.created_at),
                "fact",
                "P",
                0,
                f"post:{one.subject_id}",
                view=number_of(f"comment:{one.id}"),
                agent="browser:other",
                value="comment",
            )


def _ways(at: datetime) -> dict[int, Sequence[Way]]:
    """Links by post: from when, to when, and where they stand."""
    query = (
        select(Link, Account, Delivery.sent_at)
        .outerjoin(Account, Account.id == Link.account_id)
        .outerjoin(Delivery, Delivery.link_id == Link.id)
        .where(Link.post_id.is_not(None))
        .order_by(Link.id)
    )
    ways: dict[int, list[Way]] = {}
    for link, account, sent_at in db.session.execute(query):
        if link.account_id and not sent_at:
            continue  # minted for what did not go out
        assert link.post_id is not None
        over = min(filter(None, (link.expires_at, link.ended_at, at)))
        place = account.channel if account else "print"
        code = link.code if account and account.settings.get("says_opened") else ""
        ways.setdefault(link.post_id, []).append(Way(link.id, place, sent_at or link.created_at, over, code))
    return dict(ways)
