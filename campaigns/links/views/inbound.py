"""UTM values that readers came with and that no link of ours carries: whose are they?"""

from collections.abc import Callable
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaigns.links import queries, rules, services
from campaigns.links.forms import EmptyForm
from campaigns.links.models import InboundUTM
from campaigns.links.queries import get_inbound
from campaigns.links.values import FIELDS
from campaigns.links.views import bp
from campaigns.links.views.editing import me
from campaigns.plans.models import STATES
from campaigns.plans.queries import campaigns
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Invalid
from cms.core.languages import localized
from cms.core.pages import page
from cms.core.paging import before, paged
from cms.people import audit

PAGE_LENGTH = 30


@bp.get("/desk/links/inbound")
@allowed(rules.can_see_links)
def list_inbound() -> str:
    """Families of values, the one seen last first."""
    state = request.args.get("state", "")
    state = state if state in queries.STATES else "waiting"
    found = queries.families(state, before=before(), limit=PAGE_LENGTH + 1)
    shown, next_url = paged(found, lambda one: (one.last_at, one.id), length=PAGE_LENGTH)
    return page(
        "campaigns/links/inbound.html",
        families=shown,
        state=state,
        next_url=next_url,
        is_first="before" not in request.args,
        campaigns=[(one.id, localized(one.name), one.slug) for one in campaigns(states=STATES, limit=300)],
        fields=FIELDS,
        button=EmptyForm(formdata=None),
    )


@bp.post("/desk/links/inbound/<int:inbound_id>/campaign")
@allowed(rules.can_decide_inbound, inbound=get_inbound)
def map_inbound(inbound_id: int, inbound: InboundUTM) -> Response:
    """They belong to this campaign."""
    campaign_id, by, family = _number("campaign"), me(), inbound.family
    return _decided(
        "inbound_utm.mapped",
        inbound_id,
        lambda at: services.map_inbound(family, campaign_id=campaign_id, by=by, at=at),
        _("Mapped. What came and what comes belongs to the campaign."),
    )


@bp.post("/desk/links/inbound/<int:inbound_id>/dismissal")
@allowed(rules.can_decide_inbound, inbound=get_inbound)
def ignore_inbound(inbound_id: int, inbound: InboundUTM) -> Response:
    """They belong to nothing of ours."""
    by, family = me(), inbound.family
    return _decided(
        "inbound_utm.ignored",
        inbound_id,
        lambda at: services.ignore_inbound(family, by=by, at=at),
        _("Ignored. You find it among the ignored ones."),
    )


@bp.post("/desk/links/inbound/<int:inbound_id>/decision/removal")
@allowed(rules.can_decide_inbound, inbound=get_inbound)
def reopen_inbound(inbound_id: int, inbound: InboundUTM) -> Response:
    """Let it wait again."""
    family = inbound.family
    return _decided(
        "inbound_utm.reopened", inbound_id, lambda at: services.reopen_inbound(family), _("It waits again.")
    )


@bp.post("/desk/links/inbound/<int:inbound_id>/merger")
@allowed(rules.can_decide_inbound, inbound=get_inbound)
def merge_inbound(inbound_id: int, inbound: InboundUTM) -> Response:
    """The same as another family."""
    family, into = inbound.family, get_inbound(_number("into")).family
    return _decided(
        "inbound_utm.merged",
        inbound_id,
        lambda at: services.merge_inbound(family, into=into),
        _("Merged. The values themselves are kept as they came."),
    )


@bp.post("/desk/links/inbound/<int:inbound_id>/merger/removal")
@allowed(rules.can_decide_inbound, inbound=get_inbound)
def part_inbound(inbound_id: int, inbound: InboundUTM) -> Response:
    """Each stands for itself again."""
    family = inbound.family
    return _decided(
        "inbound_utm.parted",
        inbound_id,
        lambda at: services.part_inbound(family),
        _("Parted. They wait again."),
    )


def _decided(act: str, inbound_id: int, decide: Callable[[datetime], None], said: str) -> Response:
    by, at = me(), clock.now()
    try:
        with transaction():
            decide(at)
            audit.record(act, f"inbound_utm:{inbound_id}", by=by, at=at)
    except Invalid as problem:
        flash(next(iter(problem.errors.values())), "bad")
    else:
        flash(said, "good")
    return redirect(url_for(".list_inbound", state=request.form.get("state") or None), 303)


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
