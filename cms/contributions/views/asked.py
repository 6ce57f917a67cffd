"""What these views share: what a link opens, who acts at the desk, and in which zone they type times."""

from datetime import timedelta

from werkzeug.wrappers import Response

from cms.contributions import queries
from cms.contributions.models import Contribution
from cms.core import clock
from cms.core.access import person
from cms.core.database import transaction
from cms.core.pages import config
from cms.core.throttle import network, throttle
from cms.people.models import Person

Answer = Response | str | tuple[str, int]


def opened(token: str) -> Contribution:
    """What the link opens. Trying many that open nothing ends in a pause."""
    try:
        return queries.get_by_token(token, at=clock.now())
    except queries.LinkIsDead:
        with transaction():
            throttle(f"contribute {network()}", limit=30, per=timedelta(hours=1))
        raise


def me() -> Person:
    """Who is signed in; the rule has made sure that somebody is."""
    account = person()
    assert account is not None
    return account


def my_zone() -> str:
    """The zone that times are typed in: one's own, unless it was never set."""
    own = me().timezone
    return own if own and own != "UTC" else config().timezone
