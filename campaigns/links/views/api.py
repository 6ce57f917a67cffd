"""Links in the API: list, make, read, change, end."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Response, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from campaigns.links import models, presenting, queries, rules, schemas, services
from campaigns.links.queries import get_link
from campaigns.links.terms import LinkTerms
from campaigns.plans.queries import find_campaign
from cms.api.answering import Made, Stale, answer, changing, expected_version, made_once
from cms.api.cursors import cut, read_cursor
from cms.api.gate import resources
from cms.api.operations import operation
from cms.core import clock
from cms.core.access import allowed
from cms.core.errors import Invalid
from cms.people import audit
from cms.people.models import Person

api = resources("links_api", {"links": _("Links")})
LINK = "/links/<number:link_id>"
READ, WRITE = "links:read", "links:write"


@api.get("/links")
@allowed(rules.can_see_links)
@operation("links", _("List links"), scope=READ, query=schemas.LinksAsked, answer=schemas.LinkList)
def list_links(asked: schemas.LinksAsked) -> Response:
    """The newest first."""
    campaign = find_campaign(asked.campaign) if asked.campaign else None
    found = queries.links(
        at=clock.now(),
        search=asked.search or "",
        stands=asked.state or "",
        campaign_id=(campaign.id if campaign else 0) if asked.campaign else None,
        account_id=asked.account,
        post_id=asked.post,
        before=_place(asked.cursor),
        limit=asked.limit + 1,
    )
    shown, following = cut("links", found, asked.limit, lambda one: f"{one.created_at.isoformat()}~{one.id}")
    return answer(
        schemas.LinkList(
            items=presenting.links(shown),
            next=following,
        )
    )


@api.post("/links")
@allowed(rules.can_see_links)
@operation(
    "links",
    _("Make a link"),
    scope=WRITE,
    body=schemas.NewLink,
    answer=schemas.Link,
    status=201,
    once=True,
)
def create_link(body: schemas.NewLink) -> Response:
    """A link for a poster, a talk or a partner. Deliveries make theirs by themselves."""
    terms = _terms(body, LinkTerms(body.target), named=set(type(body).model_fields))

    def make(by: Person, at: datetime) -> Made:
        with _named_as_here():
            made = services.create_link(terms, post_id=body.post, by=by, at=at)
        audit.record("link.created", f"link:{made.id}", by=by, at=at)
        link = get_link(made.id)
        return Made(presenting.link(link), location=f"/api/v1/links/{link.id}", version=link.version)

    return made_once(body.model_dump_json(), make)


@api.get(LINK)
@allowed(rules.can_change_link, link=get_link)
@operation("links", _("Read a link"), scope=READ, answer=schemas.Link)
def show_link(link_id: int, link: models.Link) -> Response:
    """Where it leads, for whom, and until when."""
    return answer(presenting.link(link), version=link.version)


@api.patch(LINK)
@allowed(rules.can_change_link, link=get_link)
@operation(
    "links",
    _("Change a link"),
    scope=WRITE,
    body=schemas.ChangedLink,
    answer=schemas.Link,
    if_match=True,
    conflicts=True,
)
def edit_link(link_id: int, link: models.Link, body: schemas.ChangedLink) -> Response:
    """Only what is named changes. Readers are led there within a second."""
    expected_version(link.version)
    version = link.version
    terms = _terms(body, _terms_of(link), named=set(body.model_fields_set))
    if body.target is not None:
        terms = replace(terms, target=body.target)
    with changing() as (by, at), _named_as_here():
        services.change_link(link_id, terms, expected_version=version, by=by, at=at)
        audit.record("link.changed", f"link:{link_id}", by=by, at=at)
    return _told(link_id)


@api.put(f"{LINK}/end")
@allowed(rules.can_change_link, link=get_link)
@operation("links", _("End a link"), scope=WRITE, answer=schemas.Link, if_match=True)
def end_link(link_id: int, link: models.Link) -> Response:
    """From now on it leads to its replacement, or says that it is over. Twice is once."""
    expected_version(link.version)
    with changing() as (by, at):
        services.end_link(link_id, at=at)
        audit.record("link.ended", f"link:{link_id}", by=by, at=at)
    return _told(link_id)


@api.delete(f"{LINK}/end")
@allowed(rules.can_change_link, link=get_link)
@operation("links", _("Let an ended link lead again"), scope=WRITE, answer=schemas.Link, if_match=True)
def resume_link(link_id: int, link: models.Link) -> Response:
    """As it did before."""
    expected_version(link.version)
    with changing() as (by, at):
        services.resume_link(link_id)
        audit.record("link.resumed", f"link:{link_id}", by=by, at=at)
    return _told(link_id)


def _told(link_id: int) -> Response:
    link = get_link(link_id)
    return answer(presenting.link(link), version=link.version)


def _terms_of(link: models.Link) -> LinkTerms:
    return LinkTerms(link.target, link.label, link.campaign_id, link.utm, link.expires_at, link.replacement)


def _terms(body: schemas.LinkFields, terms: LinkTerms, *, named: set[str]) -> LinkTerms:
    """What is said now, with what is named in its place."""
    said: dict[str, Any] = {name: getattr(body, name) for name in ("label", "replacement") if name in named}
    if "utm" in named:
        said["utm"] = body.utm.model_dump()
    if "campaign" in named:
        said["campaign_id"] = _campaign_named(body.campaign)
    if "expires_at" in named:
        said["expires_at"] = _moment(body.expires_at)
    return replace(terms, **said)


def _campaign_named(slug: str | None) -> int | None:
    campaign = find_campaign(slug) if slug else None
    if slug and campaign is None:
        raise Invalid(errors={"campaign": gettext("There is no such campaign.")})
    return campaign.id if campaign else None


def _moment(said: str | None) -> datetime | None:
    if said is None:
        return None
    try:
        return datetime.fromisoformat(said).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(errors={"expires_at": gettext("There is no such date or time.")}) from error


@contextmanager
def _named_as_here() -> Iterator[None]:
    """Fields are called here as the API calls them; and what changed meanwhile is 412 for who sent If-Match."""
    try:
        yield
    except Invalid as problem:
        raise Invalid(str(problem.message), errors=_renamed(problem.errors)) from problem
    except services.LinkChanged as problem:
        if "If-Match" in request.headers:
            raise Stale from problem
        raise


def _renamed(errors: Mapping[str, str]) -> dict[str, str]:
    names = {"expires": "expires_at", **{one: f"utm.{one}" for one in schemas.UTMFields.model_fields}}
    return {names.get(field, field): sentence for field, sentence in errors.items()}


def _place(cursor: str | None) -> tuple[datetime, int] | None:
    key = read_cursor("links", cursor)
    if key is None:
        return None
    at, _tilde, number = key.partition("~")
    try:
        return datetime.fromisoformat(at).astimezone(UTC), int(number)
    except (ValueError, OverflowError) as error:
        raise Invalid(errors={"cursor": gettext("This is not a cursor of this list.")}) from error
