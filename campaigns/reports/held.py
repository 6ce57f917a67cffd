"""What this room holds about somebody; see `cms.people.held`. The token of a link is kept by nobody, and not told."""

from sqlalchemy import select

from campaigns.reports.models import Annotation, ReportMail, ReportShare, SavedView
from cms.people.held import Held

HELD = [
    Held(
        "report_views",
        lambda who: (
            select(SavedView.name, SavedView.asked, SavedView.is_shared, SavedView.created_at)
            .where(SavedView.owner_id == who)
            .order_by(SavedView.id)
        ),
    ),
    Held(
        "report_mails",
        lambda who: (
            select(SavedView.name, ReportMail.every, ReportMail.wall, ReportMail.zone, ReportMail.created_at)
            .join(ReportMail.view)
            .where(ReportMail.person_id == who)
            .order_by(ReportMail.id)
        ),
    ),
    Held(
        "report_shares",
        lambda who: (
            select(
                ReportShare.title,
                ReportShare.campaign_ids,
                ReportShare.made_at,
                ReportShare.expires_at,
                ReportShare.revoked_at,
            )
            .where(ReportShare.made_by_id == who)
            .order_by(ReportShare.id)
        ),
    ),
    Held(
        "report_notes",
        lambda who: (
            select(
                Annotation.day,
                Annotation.campaign_id,
                Annotation.words_en,
                Annotation.words_zh,
                Annotation.is_private,
                Annotation.edited_at,
            )
            .where(Annotation.owner_id == who)
            .order_by(Annotation.id)
        ),
    ),
]
