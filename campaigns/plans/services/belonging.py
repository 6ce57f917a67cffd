"""Which campaign a post serves: one at most, so that what it reached is counted once."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from campaigns.plans.events import PostJoinedCampaign, PostLeftCampaign
from campaigns.plans.models import Campaign, CampaignPost
from campaigns.plans.services.loading import load
from cms.core.database import db
from cms.core.errors import Conflict, NotFound
from cms.core.languages import localized
from cms.core.pagecache import touch
from cms.core.seams import announce
from cms.people import audit
from cms.people.models import Person
from cms.posts.models import Post


class PostServesAnother(Conflict):
    """The post serves another campaign: it is moved only when that is said."""

    def __init__(self, other: Campaign) -> None:
        self.other = other
        super().__init__(
            _(
                "This post serves the campaign “%(name)s”, and a post serves one at most. Move it if it belongs here.",
                name=localized(other.name),
            )
        )


def assign_post(
    post_id: int, campaign_id: int, *, move: bool = False, by: Person | None, at: datetime
) -> bool:
    """Let a post serve a campaign; False when it does already. Of another one it is taken only with `move`."""
    load(campaign_id)
    _lock_post(post_id)
    row = db.session.get(CampaignPost, post_id, populate_existing=True, with_for_update=True)
    left_id = row.campaign_id if row else None
    if left_id == campaign_id:
        return False
    if left_id is not None and not move:
        raise PostServesAnother(load(left_id))
    said = {"campaign_id": campaign_id, "added_at": at, "added_by_id": by.id if by else None}
    if row is None:
        db.session.add(CampaignPost(post_id=post_id, **said))
    else:
        for name, value in said.items():
            setattr(row, name, value)
    db.session.flush()
    audit.record(
        "campaign.post_added",
        f"campaign:{campaign_id}",
        by=by,
        at=at,
        detail={"post": post_id, **({"from": left_id} if left_id else {})},
    )
    touch(f"post:{post_id}", *(f"campaign:{one}" for one in (campaign_id, left_id) if one))
    announce(PostJoinedCampaign(post_id, campaign_id, left_id, at))
    return True


def add_posts(
    campaign_id: int, post_ids: Sequence[int], *, move: bool = False, by: Person | None, at: datetime
) -> tuple[int, int]:
    """Let several posts serve a campaign: (how many do now that did not, how many stay with another one)."""
    added = stayed = 0
    for post_id in dict.fromkeys(post_ids):
        try:
            added += assign_post(post_id, campaign_id, move=move, by=by, at=at)
        except PostServesAnother:
            stayed += 1
    return added, stayed


def remove_post(post_id: int, *, campaign_id: int | None = None, by: Person | None, at: datetime) -> bool:
    """Let a post serve no campaign; False when it did not (serve this one). What was delivered keeps its campaign."""
    row = db.session.get(CampaignPost, post_id, populate_existing=True, with_for_update=True)
    if row is None or campaign_id not in (None, row.campaign_id):
        return False
    left = row.campaign_id
    db.session.delete(row)
    db.session.flush()
    audit.record("campaign.post_removed", f"campaign:{left}", by=by, at=at, detail={"post": post_id})
    touch(f"post:{post_id}", f"campaign:{left}")
    announce(PostLeftCampaign(post_id, left, at))
    return True


def _lock_post(post_id: int) -> None:
    """Two editors who choose at once queue here: the second sees what the first chose."""
    trashed = select(Post.trashed_at).where(Post.id == post_id).with_for_update()
    row = db.session.execute(trashed).one_or_none()
    if row is None or row[0] is not None:
        raise NotFound(_("There is no such post, or it is in the trash."))
