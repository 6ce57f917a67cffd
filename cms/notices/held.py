"""What this room holds about somebody; see `cms.people.held`."""

from sqlalchemy import select

from cms.notices.models import Notice, NoticeChoice
from cms.people.held import Held

HELD = [
    Held(
        "notices",
        lambda who: (
            select(Notice.kind, Notice.subject, Notice.told_at, Notice.read_at)
            .where(Notice.person_id == who)
            .order_by(Notice.id)
        ),
    ),
    Held(
        "notice_choices",
        lambda who: (
            select(NoticeChoice.kind, NoticeChoice.by_mail, NoticeChoice.is_on_desk)
            .where(NoticeChoice.person_id == who)
            .order_by(NoticeChoice.kind)
        ),
    ),
]
