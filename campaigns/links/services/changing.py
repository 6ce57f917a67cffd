"""Links made by hand, and changes to any link. What a delivery measured stays what it says."""

from collections.abc import Callable, Mapping
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from campaigns.links import values
from campaigns.links.models import Link
from campaigns.links.queries.lists import get_link
from campaigns.links.queries.rules import allowed_values
from campaigns.links.services.minting import add_link, refuse_doubled, with_campaign
from campaigns.links.targets import is_ours, read_target
from campaigns.links.terms import LinkTerms
from cms.core.database import db
from cms.core.errors import Conflict, Invalid
from cms.core.pagecache import touch
from cms.core.pages import config
from cms.core.text import strip_control
from cms.people.models import Person
from cms.posts.models import Post

LONGEST_LABEL = 160


class LinkLocked(Conflict):
    """It belongs to a delivery."""

    message = lazy_gettext(
        "This link was made for a delivery: its target, campaign and UTM values stay. "
        "Its label, its end and what replaces it can be changed."
    )


class LinkChanged(Conflict):
    """Somebody else was faster."""

    message = lazy_gettext("Somebody changed this link in the meantime. Please look at it again.")


def create_link(terms: LinkTerms, *, post_id: int | None = None, by: Person, at: datetime) -> Link:
    """A link made by hand. Raises `Invalid` with a sentence for each mistake."""
    if post_id is not None and db.session.get(Post, post_id) is None:
        raise Invalid(errors={"post": _("There is no such post.")})
    ready = _read(terms, before=None, by=by, at=at)
    return add_link(
        ready.target,
        utm=ready.utm,
        label=ready.label,
        campaign_id=ready.campaign_id,
        post_id=post_id,
        expires_at=ready.expires_at,
        replacement=ready.replacement,
        by=by,
        at=at,
    )


def change_link(
    link_id: int, terms: LinkTerms, *, expected_version: int | None = None, by: Person, at: datetime
) -> None:
    """Another label, end or replacement; of a link that is not locked also target, campaign and UTM values.

    Raises `Invalid`, `LinkLocked`, or `LinkChanged` when it is not the version that was looked at.
    """
    link = get_link(link_id)
    if expected_version is not None and link.version != expected_version:
        raise LinkChanged
    if link.is_locked and not _keeps(link, terms):
        raise LinkLocked
    ready = _read(terms, before=link, by=by, at=at)
    link.label, link.expires_at, link.replacement = ready.label, ready.expires_at, ready.replacement
    if not link.is_locked:
        link.target, link.campaign_id = ready.target, ready.campaign_id
        link.utm, link.utm_digest = dict(ready.utm), values.digest(ready.utm)
    touch("links")


def end_link(link_id: int, *, at: datetime) -> None:
    """From now on it leads to its replacement, or says that it is over. Twice is once."""
    link = get_link(link_id)
    link.ended_at = link.ended_at or at
    touch("links")


def resume_link(link_id: int) -> None:
    """Undo that: it leads where it led."""
    get_link(link_id).ended_at = None
    touch("links")


def _keeps(link: Link, terms: LinkTerms) -> bool:
    typed = {field: value for field, value in terms.utm.items() if value and field != "campaign"}
    kept = {field: value for field, value in link.utm.items() if field != "campaign"}
    return (terms.target, terms.campaign_id, typed) == (link.target, link.campaign_id, kept)


def _read(terms: LinkTerms, *, before: Link | None, by: Person, at: datetime) -> LinkTerms:
    """The same terms in the form they are kept in, every mistake named at once."""
    errors: dict[str, str] = {}
    is_locked = before is not None and before.is_locked
    target = terms.target if is_locked else _tried(errors, lambda: read_target(terms.target, by=by))
    replacement = terms.replacement.strip() and _tried(
        errors, lambda: read_target(terms.replacement, by=by, field="replacement")
    )
    utm: Mapping[str, str] = before.utm if before is not None and is_locked else {}
    if not is_locked:
        utm = _values(errors, terms, carried=before.utm if before else {})
        if target:
            errors |= _about_place(target, utm)
    label = " ".join(strip_control(terms.label).split())
    if len(label) > LONGEST_LABEL:
        errors["label"] = _("Please use at most %(max)d characters.", max=LONGEST_LABEL)
    has_moved = before is None or before.expires_at != terms.expires_at
    if terms.expires_at is not None and terms.expires_at <= at and has_moved:
        errors["expires"] = _("This time is over. To end the link now, press “End it”.")
    if replacement and replacement == target:
        errors["replacement"] = _("This is where the link leads already.")
    if errors:
        raise Invalid(errors=errors)
    refuse_doubled(target, utm)
    refuse_doubled(replacement, utm, field="replacement")
    return LinkTerms(target, label, terms.campaign_id, utm, terms.expires_at, replacement)


def _values(errors: dict[str, str], terms: LinkTerms, *, carried: Mapping[str, str]) -> Mapping[str, str]:
    """The UTM values, when each is well formed, allowed or carried before, and there when a campaign needs it."""
    try:
        utm = values.read_values({**terms.utm, "campaign": ""})
    except Invalid as problem:
        errors |= problem.errors
        return {}
    for field, allowed in allowed_values().items():
        if field in utm and allowed and utm[field] not in (*allowed, carried.get(field)):
            errors[field] = _("“%(value)s” is not among the allowed values.", value=utm[field])
        elif field not in utm and terms.campaign_id is not None:
            errors[field] = _("A link of a campaign says where it stands: please give a source and a medium.")
    try:
        return with_campaign(utm, terms.campaign_id)
    except Invalid as problem:
        errors |= problem.errors
        return {}


def _about_place(target: str, utm: Mapping[str, str]) -> dict[str, str]:
    """A link that stands on our own site and leads to it would make every reader seem to come from there."""
    own = {host.removeprefix("www.") for host in config().hosts}
    if is_ours(target) and utm.get("source", "").removeprefix("www.") in own:
        sentence = _(
            "UTM values between our own pages would reset where a reader came from. "
            "Please link to the page itself."
        )
        return {"source": sentence}
    return {}


def _tried(errors: dict[str, str], read: Callable[[], str]) -> str:
    try:
        return read()
    except Invalid as problem:
        errors |= problem.errors
        return ""
