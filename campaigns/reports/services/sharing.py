"""Giving an answer to people who have no account: frozen, for a time, of these campaigns and no others."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from campaigns.reports.freezing import freeze
from campaigns.reports.models import ReportShare
from campaigns.reports.services.saving import named
from campaigns.reports.shapes import Comparison
from cms.core.database import db
from cms.core.errors import Invalid, NotFound
from cms.core.secrets import fingerprint, new_token
from cms.people import audit
from cms.people.models import Person

LONGEST_DAYS = 365


def share(
    compared: Comparison, *, title: str, days: int, by: Person, at: datetime
) -> tuple[ReportShare, str]:
    """Keep the answer as it is, and make its link: the token is given once and stored as a hash."""
    if not 1 <= days <= LONGEST_DAYS:
        raise Invalid(errors={"days": _("A link lasts from one to %(most)s days.", most=LONGEST_DAYS)})
    token = new_token()
    row = ReportShare(
        token_hash=fingerprint(token),
        title=named(title),
        campaign_ids=list(compared.query.campaign_ids),
        frozen=freeze(compared),
        made_at=at,
        made_by_id=by.id,
        expires_at=at + timedelta(days=days),
    )
    db.session.add(row)
    db.session.flush()
    detail = {"campaigns": row.campaign_ids, "until": row.expires_at.isoformat()}
    audit.record("report.shared", f"report:{row.id}", by=by, at=at, detail=detail)
    return row, token


def revoke_share(share_id: int, *, by: Person, at: datetime) -> None:
    """From now on its link opens nothing. A second time changes nothing."""
    row = db.session.get(ReportShare, share_id)
    if row is None:
        raise NotFound
    if row.revoked_at is None:
        row.revoked_at = at
        audit.record("report.share_revoked", f"report:{row.id}", by=by, at=at)
