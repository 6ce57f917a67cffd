"""What stands in the way of publication, seen from here."""

from collections.abc import Iterator
from datetime import datetime

from flask import has_request_context, request
from flask_babel import gettext as _

from cms.contributions import queries, services
from cms.contributions.models import Contribution
from cms.contributions.states import is_approved
from cms.core.seams import Finding
from cms.people.models import Person
from cms.posts.models import Post, Revision


def before_publication(post: Post, revision: Revision, by: Person | None, at: datetime) -> Iterator[Finding]:
    """A text written without consent may not go out; a missing or refused approval is said, and does not forbid it."""
    credited = {one.person_id for one in post.bylines}
    for one in queries.contributions_to(post.id):
        if one.started_at is not None and not one.has_consented:
            yield _finding(
                "contribution.rights",
                _("%(name)s has not agreed to the terms.", name=one.person.name),
                one,
                True,
            )
        if one.revoked_at is not None:
            continue
        if one.handed_in_at is not None and one.person_id not in credited:
            yield _finding(
                "contribution.credit",
                _("%(name)s wrote on this and is not credited.", name=one.person.name),
                one,
            )
        yield from _about_approval(one, revision)


def _about_approval(one: Contribution, revision: Revision) -> Iterator[Finding]:
    name, content_hash = one.person.name, revision.content_hash
    if one.decision == "refused" and one.decided_hash == content_hash:
        yield _finding("contribution.refused", _("%(name)s refused this text.", name=name), one)
    elif one.asked_at is not None and not is_approved(one, content_hash):
        sentence = (
            _("%(name)s approved an earlier text, not this one.", name=name)
            if one.decision == "approved"
            else _("%(name)s has not approved this text yet.", name=name)
        )
        yield _finding("contribution.text", sentence, one)
    if (
        one.is_writer
        and one.asked_at is not None
        and one.byline_hash != services.byline_hash(one, one.person)
    ):
        sentence = _("%(name)s has not approved the byline as it is now.", name=name)
        yield _finding("contribution.byline", sentence, one)


def _finding(code: str, sentence: str, one: Contribution, is_blocking: bool = False) -> Finding:
    root = request.script_root if has_request_context() else ""  # the worker asks too
    url = f"{root}/desk/contributions/{one.id}"
    return Finding(f"{code}.{one.id}", sentence, is_blocking, url)
