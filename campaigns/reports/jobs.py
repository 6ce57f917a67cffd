"""What the worker runs here: reports that are due by mail."""

from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from campaigns.plans.models import Campaign
from campaigns.reports import queries, services
from campaigns.reports.forms import ComparisonForm
from campaigns.reports.models import ReportMail, SavedView
from campaigns.reports.shapes import ComparisonQuery
from cms.core import clock
from cms.core.database import db, transaction
from cms.core.worker import Job, Outcome

AT_ONCE = 20


def send_due_reports() -> Outcome:
    """Write what is due. The figures are worked out with no transaction open."""
    at = clock.now()
    query = select(ReportMail.id, ReportMail.due_at, SavedView.asked).join(SavedView)
    due = db.session.execute(
        query.where(ReportMail.due_at <= at).order_by(ReportMail.due_at).limit(AT_ONCE)
    ).all()
    sent = 0
    for mail_id, due_at, asked in due:
        question = asked_again(asked)
        compared = queries.compare_campaigns(question, at=at) if question else None
        db.session.rollback()
        with transaction():
            if compared is None:  # a campaign of it is gone: nobody can be told anything
                services.end_mail(mail_id)
            else:
                sent += services.send_report(mail_id, compared, due_at=due_at, at=at)
    return {"sent": sent} if sent else {}


def asked_again(asked: dict[str, object]) -> ComparisonQuery | None:
    """A saved question; None when it cannot be asked any more."""
    known = list(db.session.scalars(select(Campaign.id)))
    pairs = [
        (name, str(one))
        for name, value in asked.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    return ComparisonForm(MultiDict(pairs), known=known).query


JOBS: list[Job] = [Job("reports by mail", send_due_reports, 60)]
