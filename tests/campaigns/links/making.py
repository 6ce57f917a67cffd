"""Links, and the campaigns and accounts they belong to, as rows."""

from datetime import date

from campaigns.channels.models import Account
from campaigns.links import services
from campaigns.links.models import Link
from campaigns.plans.models import Campaign
from cms.core import clock
from cms.core.database import transaction
from cms.people.models import Person
from tests.factories import read_again, save


def make_campaign(slug: str = "clean-rivers", **fields: object) -> Campaign:
    """A campaign that runs."""
    defaults: dict[str, object] = {
        "name": {"en": "Clean rivers", "zh": "清流"},
        "kind": "brand",
        "state": "running",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2026, 11, 30),
        "zone": "UTC",
        "currency": "CNY",
        "created_at": clock.now(),
        "edited_at": clock.now(),
    }
    return save(Campaign(slug=slug, **{**defaults, **fields}))


def make_account(name: str = "Our Mastodon", channel: str = "mastodon", **fields: object) -> Account:
    """A seat on a network."""
    return save(Account(name=name, channel=channel, zone="UTC", created_at=clock.now(), **fields))


def make_link(target: str = "/posts/spring-notes", *, by: Person | None = None, **fields: object) -> Link:
    """A link of a delivery."""
    given: dict[str, object] = {
        "post_id": None,
        "account_id": None,
        "campaign_id": None,
        "source": "mastodon",
        "medium": "social",
        **fields,
    }
    with transaction():
        link_id = services.mint_link(target=target, by=by, at=clock.now(), **given).id  # type: ignore[arg-type]
    return read_again(Link, link_id)
