"""The list of links."""

from collections.abc import Sequence

from flask import request

from campaigns.channels.queries import accounts
from campaigns.links import queries, rules
from campaigns.links.counted import clicks_of
from campaigns.links.views import bp
from campaigns.plans.models import STATES
from campaigns.plans.queries import campaigns
from cms.core import clock
from cms.core.access import allowed
from cms.core.languages import localized
from cms.core.pages import page
from cms.core.paging import before, paged


@bp.get("/desk/links")
@allowed(rules.can_see_links)
def list_links() -> str:
    """Links, the newest first, narrowed by words, campaign, account, post, and whether they still lead somewhere."""
    search, stands = request.args.get("q", "").strip()[:200], request.args.get("state", "")
    chosen = {name: _number(name) for name in ("campaign", "account", "post")}
    at = clock.now()
    found = queries.links(
        at=at,
        search=search,
        stands=stands,
        campaign_id=chosen["campaign"],
        account_id=chosen["account"],
        post_id=chosen["post"],
        before=before(),
        limit=queries.PAGE_LENGTH + 1,
    )
    shown, next_url = paged(found, lambda one: (one.created_at, one.id), length=queries.PAGE_LENGTH)
    return page(
        "campaigns/links/list.html",
        links=shown,
        next_url=next_url,
        is_first="before" not in request.args,
        search=search,
        stands=stands if stands in queries.STANDS else "",
        chosen=chosen,
        campaigns=campaign_choices(),
        accounts=[(one.id, one.name) for one in accounts(with_removed=True)],
        waiting=queries.count_waiting(),
        short_url=queries.short_url,
        clicks=clicks_of([one.id for one in shown]),
        at=at,
    )


def campaign_choices() -> Sequence[tuple[int, str]]:
    """Campaigns to choose from, the last to start first, archived ones too: their links go on."""
    return [(one.id, localized(one.name)) for one in campaigns(states=STATES, limit=300)]


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and 0 < len(text) < 10 else None
