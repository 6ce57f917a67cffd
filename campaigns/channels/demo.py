"""Accounts of the sample site, for `parley demo`: networks where a person posts by hand, so that nothing goes anywhere."""

from campaigns.channels import services
from campaigns.channels.adapter import Identity
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.fields import read_fields
from campaigns.channels.trials import Passed
from cms.core.database import db
from cms.people.models import Person
from cms.transfer.demo.site import DemoSite

SITES = (
    ("zhihu", "知乎专栏", "zh", "Asia/Shanghai", (("weekdays", "09:30"), ("5", "10:00"))),
    ("xiaohongshu", "小红书", "zh", "Asia/Shanghai", (("2", "20:00"), ("5", "20:00"))),
    ("medium", "Medium", "en", "Europe/London", (("1", "10:00"), ("3", "10:00"))),
)


def make_accounts(site: DemoSite) -> None:
    """Connect them. Inside the transaction of the sample site."""
    adapter, by = adapter_for("manual"), db.session.get(Person, min(site.people.values()))
    for key, name, language, zone, times in SITES:
        filled = read_fields(adapter, {"site": key})
        number = services.connect_account(
            "manual",
            filled,
            Passed(Identity(name=name), {}, None),  # there is nobody to ask
            name=name,
            zone=zone,
            language=language,
            by=by,
            at=site.at,
        )
        for days, wall in times:
            services.add_slots(number, days=days, wall=wall, by=by, at=site.at)
