"""Reading the log of corrections."""

from collections.abc import Sequence

from sqlalchemy import select

from cms.core.database import db
from cms.core.errors import NotFound
from cms.posts.models import Correction


def corrections_of(post_id: int) -> Sequence[Correction]:
    """Every correction of a post, those that wait first, then the newest."""
    return db.session.scalars(
        select(Correction)
        .where(Correction.post_id == post_id)
        .order_by(Correction.at.is_not(None), Correction.at.desc(), Correction.id.desc())
        .limit(100)
    ).all()


def get_correction(post_id: int, correction_id: int) -> Correction:
    """One correction of a post."""
    correction = db.session.get(Correction, correction_id)
    if correction is None or correction.post_id != post_id:
        raise NotFound
    return correction
