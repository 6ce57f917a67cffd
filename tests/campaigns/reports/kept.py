"""Things that people keep, for tests of pages and of who may use them."""

from datetime import date, timedelta

from campaigns.reports import services
from campaigns.reports.models import Annotation, ReportMail, SavedView
from campaigns.reports.services.mailing import _signer
from campaigns.reports.shapes import ComparisonQuery
from cms.core import clock
from cms.core.database import transaction
from cms.people.models import Person
from tests.campaigns.reports.made import comparison
from tests.factories import make_campaign, make_person


def owner() -> Person:
    """An editor who keeps things."""
    return make_person("Olga", "editor")


def view(by: Person, *, is_shared: bool = True) -> SavedView:
    """A question about two campaigns."""
    asked = ComparisonQuery((make_campaign("One").id, make_campaign("Other").id))
    with transaction():
        return services.save_view(asked, name="Two", is_shared=is_shared, by=by, at=clock.now())


def share(by: Person, days: int = 30) -> tuple[int, str]:
    """An answer given out: its number and its token."""
    with transaction():
        row, token = services.share(comparison(), title="For the board", days=days, by=by, at=clock.now())
        return row.id, token


def note(by: Person, *, is_private: bool = False, campaign_id: int | None = None) -> Annotation:
    """A note on the second of October."""
    with transaction():
        return services.annotate(
            None,
            day=date(2026, 10, 2),
            words={"en": "The fair opened", "zh": "展会开幕"},
            campaign_id=campaign_id,
            is_private=is_private,
            by=by,
            at=clock.now(),
        )


def mail(by: Person, of: SavedView | None = None) -> ReportMail:
    """A view that comes on Mondays at half past eight, in Shanghai."""
    number = (of or view(by)).id
    with transaction():
        return services.begin_mail(
            number,
            every="week",
            wall="08:30",
            zone="Asia/Shanghai",
            by=by,
            at=clock.now() - timedelta(days=9),
        )


def stop_token(one: ReportMail) -> str:
    """What stands in its mail."""
    return str(_signer().dumps(one.id))
