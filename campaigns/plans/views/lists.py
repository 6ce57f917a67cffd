"""All campaigns: narrowed by state, kind, owner, days and words of the name."""

from datetime import date
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from campaigns.plans import queries, rules
from campaigns.plans.figures import from_sums, money_in_words
from campaigns.plans.models import STATES
from campaigns.plans.views import bp
from campaigns.plans.wording import KIND_NAMES, STATE_LOOKS, STATE_NAMES, days_of
from cms.core.access import allowed
from cms.core.pages import page

PAGE_LENGTH = 30
KEPT = ("state", "kind", "owner", "q", "from", "to")


@bp.get("/desk/campaigns")
@allowed(rules.can_see_campaigns)
def list_campaigns() -> str:
    """The last to start first."""
    state, kind = _one_of("state", STATES), _one_of("kind", KIND_NAMES)
    found = queries.campaigns(
        states=[state] if state else (),
        kind=kind,
        owner_id=_number("owner"),
        search=_words(),
        from_on=_day("from"),
        to_on=_day("to"),
        before=_before(),
        limit=PAGE_LENGTH + 1,
    )
    rows = queries.in_rows(found[:PAGE_LENGTH])
    return page(
        "campaigns/plans/list.html",
        rows=rows,
        balances={row.campaign.id: from_sums(row.budget, row.cost) for row in rows},
        next_url=_next(rows[-1]) if len(found) > PAGE_LENGTH else None,
        chips=_chips(state),
        kind=kind,
        kind_names=KIND_NAMES,
        state=state,
        state_names=STATE_NAMES,
        state_looks=STATE_LOOKS,
        owner_id=_number("owner"),
        owners=queries.owners(),
        words=_words(),
        from_on=_day("from"),
        to_on=_day("to"),
        is_narrowed=any(request.args.get(name) for name in KEPT),
        is_first=_before() is None,
        days_of=days_of,
        money=money_in_words,
    )


def _chips(state: str | None) -> list[tuple[Any, str, bool, int | None]]:
    counts = queries.count_by_state()
    kept = {name: request.args.get(name) or None for name in KEPT}
    all_standing = sum(counts.get(one, 0) for one in queries.STANDING)

    def chip(label: Any, value: str | None, count: int) -> tuple[Any, str, bool, int | None]:
        address: dict[str, Any] = {**kept, "state": value}
        return label, url_for(".list_campaigns", **address), state == value, count

    return [
        chip(_("All"), None, all_standing),
        *(chip(STATE_NAMES[one], one, counts.get(one, 0)) for one in STATES),
    ]


def _next(row: queries.CampaignRow) -> str:
    kept: dict[str, Any] = {name: request.args.get(name) or None for name in KEPT}
    last = row.campaign
    return url_for(".list_campaigns", **kept, before=f"{last.starts_on}.{last.id}")


def _before() -> tuple[date, int] | None:
    day, _dot, number = request.args.get("before", "").partition(".")
    try:
        return (date.fromisoformat(day), int(number)) if len(number) < 10 else None
    except ValueError:
        return None


def _words() -> str:
    return " ".join(request.args.get("q", "").split())[:100]


def _one_of(name: str, known: Any) -> str | None:
    value = request.args.get(name)
    return value if value in known else None


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 10 else None


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
