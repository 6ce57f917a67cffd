"""Links in lists, and one of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from campaigns.links import codes
from campaigns.links.models import Link
from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Post, Revision

PAGE_LENGTH = 50
STANDS = ("open", "over")  # leads to its target, or does not any more


def get_link(link_id: int) -> Link:
    """One link, with campaign, account and post. Raises `NotFound`."""
    found = db.session.scalar(select(Link).where(Link.id == link_id).options(*_shown()))
    if found is None:
        raise NotFound
    return found


def links(
    *,
    at: datetime,
    search: str = "",
    stands: str = "",
    campaign_id: int | None = None,
    account_id: int | None = None,
    post_id: int | None = None,
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE_LENGTH,
) -> Sequence[Link]:
    """Links with campaign, account and post, the newest first. `search` is a part of label or target, a code or an address.

    `before` is (created_at, id) of the last row of the page before.
    """
    wanted: list[ColumnElement[bool]] = []
    for column, value in (
        (Link.campaign_id, campaign_id),
        (Link.account_id, account_id),
        (Link.post_id, post_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if search:
        wanted.append(_found_by(search))
    if stands in STANDS:
        over = or_(Link.ended_at.is_not(None), and_(Link.expires_at.is_not(None), Link.expires_at <= at))
        wanted.append(over if stands == "over" else ~over)
    if before is not None:
        made, number = before
        wanted.append(or_(Link.created_at < made, and_(Link.created_at == made, Link.id < number)))
    query = select(Link).where(*wanted).options(*_shown())
    return db.session.scalars(query.order_by(Link.created_at.desc(), Link.id.desc()).limit(limit)).all()


def _found_by(search: str) -> ColumnElement[bool]:
    code = codes.read_code(search.rstrip("+").rpartition("/")[2])
    if code is not None and "/l/" in search:
        return Link.code == code
    words = (Link.label.icontains(search, autoescape=True), Link.target.icontains(search, autoescape=True))
    return or_(*words) if code is None else or_(Link.code == code, *words)


def _shown() -> tuple[_AbstractLoad, ...]:
    text = joinedload(Link.post).joinedload(Post.latest)
    return (
        joinedload(Link.campaign),
        joinedload(Link.account),
        text.load_only(Revision.title, Revision.summary, Revision.beginning),
    )
