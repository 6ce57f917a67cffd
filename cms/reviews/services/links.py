"""Addresses that texts link to: noted when a text is saved, looked at later by the worker."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from cms.core.database import db
from cms.core.pages import config
from cms.posts.events import RevisionSaved
from cms.posts.models import Revision
from cms.reviews.models import LinkCheck
from cms.reviews.quality import links_in
from cms.reviews.queries.quality import link_digest

MOST_LINKS = 200  # of one text
FRESH_FOR = timedelta(days=7)
CLAIMED_FOR = timedelta(minutes=15)
AGAIN_AFTER = timedelta(hours=1)  # one failure may be the weather
FORGOTTEN_AFTER = timedelta(days=90)  # nobody saved a text with it since


def note_links(fact: RevisionSaved) -> None:
    """Put the addresses of a new text in the queue. What an import brings is not looked at."""
    if not fact.is_new or fact.by_id is None:
        return
    html = db.session.scalars(select(Revision.html).where(Revision.id == fact.revision_id)).one()
    ask_about(links_in(html), at=fact.at)


def ask_about(urls: Iterable[str], *, at: datetime) -> None:
    """Let the worker look at addresses outside, if it did not lately."""
    own = config().base_url + "/"
    urls = [url for url in urls if not url.startswith(own)][:MOST_LINKS]
    digests = {link_digest(url): url for url in urls}
    known = {
        row.digest: row for row in db.session.scalars(select(LinkCheck).where(LinkCheck.digest.in_(digests)))
    }
    for digest, url in digests.items():
        row = known.get(digest)
        if row is None:
            db.session.add(LinkCheck(digest=digest, url=url, asked_at=at, due_at=at, problem="", failures=0))
        else:
            row.asked_at = at
            row.due_at = row.due_at or at
    db.session.flush()


def claim_link(digest: str, *, due_at: datetime, at: datetime) -> bool:
    """Take one address to look at; False when another worker was faster. A crash gives it back after a while."""
    claimed = db.session.execute(
        update(LinkCheck)
        .where(LinkCheck.digest == digest, LinkCheck.due_at == due_at)
        .values(due_at=at + CLAIMED_FOR)
        .execution_options(synchronize_session=False)
    )
    return bool(claimed.rowcount == 1)  # type: ignore[attr-defined]


def note_checked(digest: str, *, status: int | None, problem: str, at: datetime) -> None:
    """Keep what was found, and say when to look again. A site that does not answer gets a second chance first."""
    row = db.session.get(LinkCheck, digest, populate_existing=True)
    if row is None:
        return
    row.failures = row.failures + 1 if problem else 0
    row.problem = problem if problem == "gone" or row.failures > 1 else ""
    row.status, row.checked_at = status, at
    row.due_at = at + (AGAIN_AFTER if problem and row.failures == 1 else FRESH_FOR)
    if row.asked_at < at - FORGOTTEN_AFTER:
        row.due_at = None
    db.session.flush()
