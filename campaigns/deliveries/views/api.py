"""Deliveries in the API: list those of a post, plan, read, move, cancel, retry."""

from datetime import datetime

from flask import Response
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from campaigns.channels.messages import DraftPart
from campaigns.channels.models import Account
from campaigns.channels.queries import find_account
from campaigns.deliveries import models, presenting, queries, rules, schemas, services
from campaigns.deliveries.composing import Body, Tailored, prepare_body, tailored
from campaigns.deliveries.composing.placeholder import with_link
from campaigns.deliveries.preflight import Proposed, preflight
from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from cms.api.answering import Made, Stale, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_number
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core import walltime
from cms.core.access import allowed
from cms.core.database import db
from cms.core.errors import Invalid
from cms.media.models import Media
from cms.people.models import Person
from cms.posts.models import Post
from cms.posts.queries import get_post

api = resources("deliveries_api", {"deliveries": _("Deliveries")})
OF_POST = "/posts/<number:post_id>/deliveries"
DELIVERY = "/deliveries/<number:delivery_id>"
READ, WRITE = "deliveries:read", "deliveries:write"
_WORDS: dict[str, When] = {"now": Now(), "slot": NextSlot(), "publication": WithPost()}
_FIELDS = {
    "time": "at",
    "text": "text",
    "media": "media",
    "network": "text",
    "account": "account",
    "post": "post",
}


@api.get(OF_POST)
@allowed(rules.can_plan, post=get_post)
@operation(
    "deliveries",
    _("List the deliveries of a post"),
    scope=READ,
    query=schemas.DeliveriesAsked,
    answer=schemas.DeliveryList,
)
def list_post_deliveries(post_id: int, post: Post, asked: schemas.DeliveriesAsked) -> Response:
    """The last planned first."""
    before = read_number("deliveries", asked.cursor)
    found = queries.deliveries_of_post(post_id, before=before, limit=asked.limit + 1)
    shown, following = cut("deliveries", found, asked.limit, lambda one: one.id)
    return answer(schemas.DeliveryList(items=[presenting.delivery(one) for one in shown], next=following))


@api.post(OF_POST)
@allowed(rules.can_plan, post=get_post)
@operation(
    "deliveries",
    _("Send a post to an account"),
    scope=WRITE,
    body=schemas.NewDelivery,
    answer=schemas.Delivery,
    status=201,
    once=True,
    conflicts=True,
)
def create_delivery(post_id: int, post: Post, body: schemas.NewDelivery) -> Response:
    """It waits for its post, or for its time. What would surely fail is refused with the field it is about."""
    account = _account(body.account)
    when = _when(body, account)
    parts, article = _parts(post_id, account, body), _article(post_id, account, body)

    def make(by: Person, at: datetime) -> Made:
        if parts is not None or article is not None:
            _tailor(post_id, account.id, parts, article, by=by, at=at)
        _refuse_blocked(post_id, account.id, when, body.ignores_quiet, at=at)
        choice = services.Choice(account.id, when, body.ignores_quiet)
        [made] = services.plan_deliveries(post_id, [choice], by=by, at=at, again=body.again)
        delivery = queries.get_delivery(made)
        told = presenting.delivery(delivery)
        return Made(told, location=f"/api/v1/deliveries/{made}", version=delivery.version)

    try:
        return made_once(f"{post_id} {body.model_dump_json()}", make)
    except Invalid as problem:
        raise Invalid(str(problem.message), errors=_named_as_here(problem.errors)) from problem


@api.get(DELIVERY)
@allowed(rules.can_decide, delivery=queries.get_delivery)
@operation("deliveries", _("Read a delivery"), scope=READ, answer=schemas.Delivery)
def show_delivery(delivery_id: int, delivery: models.Delivery) -> Response:
    """Where it stands."""
    return answer(presenting.delivery(delivery), version=delivery.version)


@api.put(f"{DELIVERY}/time")
@allowed(rules.can_decide, delivery=queries.get_delivery)
@operation(
    "deliveries",
    _("Give a delivery another time"),
    scope=WRITE,
    body=schemas.DeliveryTime,
    answer=schemas.Delivery,
    if_match=True,
    conflicts=True,
)
def move_delivery(delivery_id: int, delivery: models.Delivery, body: schemas.DeliveryTime) -> Response:
    """While it waits or is scheduled."""
    version, when = expected_version(delivery.version), _when(body, delivery.account)
    try:
        with changing() as (by, at):
            services.move_delivery(
                delivery_id, when, expected_version=version, ignores_quiet=body.ignores_quiet, by=by, at=at
            )
    except services.ChangedMeanwhile as problem:
        raise Stale from problem
    except Invalid as problem:
        raise Invalid(str(problem.message), errors=_named_as_here(problem.errors)) from problem
    return _shown_again(delivery_id)


@api.put(f"{DELIVERY}/cancellation")
@allowed(rules.can_decide, delivery=queries.get_delivery)
@operation(
    "deliveries",
    _("Cancel a delivery"),
    scope=WRITE,
    answer=schemas.Delivery,
    if_match=True,
    conflicts=True,
)
def cancel_delivery(delivery_id: int, delivery: models.Delivery) -> Response:
    """It does not go out. Cancelling again what is cancelled changes nothing."""
    version = expected_version(delivery.version)
    if delivery.state != "cancelled":
        try:
            with changing() as (by, at):
                services.cancel_delivery(delivery_id, expected_version=version, by=by, at=at)
        except services.ChangedMeanwhile as problem:
            raise Stale from problem
    return _shown_again(delivery_id)


@api.post(f"{DELIVERY}/retry")
@allowed(rules.can_decide, delivery=queries.get_delivery)
@operation(
    "deliveries",
    _("Send a refused delivery again"),
    scope=WRITE,
    answer=schemas.Delivery,
    if_match=True,
    conflicts=True,
)
def retry_delivery(delivery_id: int, delivery: models.Delivery) -> Response:
    """Composed anew; parts of a thread that are there stay there. Only what was refused is sent again."""
    expected_version(delivery.version)
    with changing() as (by, at):
        retried = services.retry_deliveries([delivery_id], by=by, at=at)
    if not retried:
        raise services.NotRefused
    return _shown_again(delivery_id)


def _shown_again(delivery_id: int) -> Response:
    db.session.expire_all()
    delivery = queries.get_delivery(delivery_id)
    return answer(presenting.delivery(delivery), version=delivery.version)


def _account(number: int) -> Account:
    account = find_account(number)
    if account is None or account.state == "removed":
        raise Invalid(errors={"account": gettext("There is no such account.")})
    return account


def _when(asked: schemas.DeliveryTime, account: Account) -> When:
    """What was asked for; an offset says which of two it is where clocks go back. Raises `Invalid`."""
    if asked.at in _WORDS:
        return _WORDS[asked.at]
    zone = asked.zone or account.zone
    place = walltime.zone_named(zone)
    try:
        moment = datetime.fromisoformat(asked.at)
        if moment.tzinfo is None:
            return AtWall(moment.strftime(walltime.WALL), zone)
        local = moment.astimezone(place)
    except (ValueError, OverflowError) as error:
        raise Invalid(errors={"at": gettext("There is no such date or time.")}) from error
    return AtWall(local.strftime(walltime.WALL), zone, local.fold)


def _parts(post_id: int, account: Account, body: schemas.NewDelivery) -> list[DraftPart] | None:
    """The words and pictures of this account; what is left out is as in the original."""
    if body.text is None and body.media is None:
        return None
    original = tailored(post_id, account.id).original.parts[0]
    text = original.text if body.text is None else body.text
    if body.media is None:
        return [DraftPart(text, original.media)]
    numbers = [one.id for one in body.media]
    pictures = select(Media).where(Media.id.in_(numbers), Media.kind == "image", Media.trashed_at.is_(None))
    alts = {one.id: one.alt for one in db.session.scalars(pictures)}
    if unknown := [place for place, number in enumerate(numbers) if number not in alts]:
        sentence = gettext("There is no such picture in the library.")
        raise Invalid(errors={f"media.{place}.id": sentence for place in unknown})
    return [
        DraftPart(
            text,
            tuple((one.id, alts[one.id] if one.alt is None else one.alt) for one in body.media),
        )
    ]


def _article(post_id: int, account: Account, body: schemas.NewDelivery) -> Body | None:
    """The article of this account, where it is not the post's own."""
    if body.body is None:
        return None
    one = tailored(post_id, account.id)
    if not one.limits.carries_html:
        raise Invalid(errors={"body": gettext("This network carries no whole articles.")})
    article = prepare_body(body.body, form=one.source.revision.format)
    return None if article.text == one.original_body.strip() else article


def _tailor(
    post_id: int,
    account_id: int,
    parts: list[DraftPart] | None,
    article: Body | None,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Nobody's own version is written over: the same words are the same version, others are a conflict."""
    known = tailored(post_id, account_id)
    if known.variant is not None and _says(known, parts, article):
        return
    services.save_variant(
        post_id,
        account_id,
        parts=parts,
        title=None,
        summary=None,
        body=article,
        expected_version=None,
        by=by,
        at=at,
    )


def _says(known: Tailored, parts: list[DraftPart] | None, article: Body | None) -> bool:
    same_parts = parts is None or list(known.draft.parts) == _with_link(parts, known.story.link)
    return same_parts and (article is None or known.body == with_link(article.text, known.story.link))


def _with_link(parts: list[DraftPart], link: str) -> list[DraftPart]:
    return [DraftPart(with_link(one.text.strip(), link), one.media) for one in parts]


def _refuse_blocked(post_id: int, account_id: int, when: When, ignores_quiet: bool, *, at: datetime) -> None:
    found = preflight(post_id, [Proposed(account_id, when, ignores_quiet)], at=at)[account_id]
    errors: dict[str, str] = {}
    for one in found:
        if one.is_blocking:
            errors.setdefault(_FIELDS.get(one.code.partition(".")[0], "at"), one.sentence)
    if errors:
        raise Invalid(errors=errors)


def _named_as_here(errors: dict[str, str]) -> dict[str, str]:
    names = {
        "wall": "at",
        "when": "at",
        "after": "at",
        "accounts": "account",
        "part-1": "text",
        "parts": "text",
    }
    return {names.get(field, field): message for field, message in errors.items()}
