"""The address in every letter that ends it: a page with one button, which mail programs press by themselves (RFC 8058)."""

from campaigns.channels import letters, queries, services
from campaigns.channels.models import Account
from campaigns.channels.views import bp
from cms.core import clock
from cms.core.access import public
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import page


@bp.get("/u/<token>")
@public
def ask_to_stop(token: str) -> str:
    """Asks. Programs that only look at addresses end nothing."""
    _number, account = _meant(token)
    return page("campaigns/channels/stop.html", account=account, is_done=False)


@bp.post("/u/<token>")
@public
def stop_letters(token: str) -> str:
    """Ends them, at once and without signing in; pressing twice is pressing once."""
    number, account = _meant(token)
    name = account.name
    with transaction():
        services.end_recipient(number, because=services.UNSUBSCRIBED, at=clock.now())
    return page("campaigns/channels/stop.html", account={"name": name}, is_done=True)


def _meant(token: str) -> tuple[int, Account]:
    number = letters.read_token(token)
    found = queries.find_recipient(number) if number is not None else None
    if found is None:
        raise NotFound
    return found[0].id, found[1]
