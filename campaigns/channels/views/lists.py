"""All accounts, and the networks there are."""

from flask import request, url_for

from campaigns.channels import queries, rules
from campaigns.channels.catalogue import ADAPTERS
from campaigns.channels.queries import PAGE_LENGTH
from campaigns.channels.rows import described
from campaigns.channels.views import bp
from campaigns.channels.views.acting import Answer, me
from campaigns.channels.wording import abilities, proof
from cms.core import clock
from cms.core.access import allowed
from cms.core.pages import page


@bp.get("/desk/channels")
@allowed(rules.can_see_accounts)
def list_accounts() -> Answer:
    """Every account, with how it stands and what to do about it."""
    after = request.args.get("after", "")
    rows = queries.accounts(
        after=int(after) if after.isdecimal() and len(after) < 10 else None, limit=PAGE_LENGTH + 1
    )
    shown = rows[:PAGE_LENGTH]
    more = url_for(".list_accounts", after=shown[-1].id) if len(rows) > PAGE_LENGTH else None
    return page(
        "campaigns/channels/list.html",
        rows=described(shown, clock.now()),
        next_url=more,
        is_first=not after,
        may_connect=rules.can_connect(me()),
    )


@bp.get("/desk/channels/new")
@allowed(rules.can_connect)
def show_networks() -> str:
    """What can be connected."""
    networks = [(one, abilities(one), proof(one)) for one in ADAPTERS]
    return page("campaigns/channels/networks.html", networks=networks, is_empty=not queries.accounts(limit=1))
