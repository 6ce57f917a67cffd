"""The sample site has accounts, and none of them goes anywhere."""

from flask import Flask

from campaigns.channels import queries
from campaigns.channels.catalogue import adapter_for
from campaigns.channels.demo import make_accounts
from cms.core import clock
from cms.core.database import transaction
from cms.transfer.demo.site import DemoSite
from tests.factories import nadia


def test_sample_accounts_are_posted_to_by_hand(app: Flask) -> None:
    site = DemoSite(at=clock.now(), people={"nadia": nadia().id}, files={}, stories={})
    with transaction():
        make_accounts(site)
    made = queries.accounts()
    assert [(one.name, one.language, len(one.slots)) for one in made] == [
        ("知乎专栏", "zh", 6),
        ("小红书", "zh", 2),
        ("Medium", "en", 2),
    ]
    assert all(adapter_for(one.channel).is_by_hand for one in made)
