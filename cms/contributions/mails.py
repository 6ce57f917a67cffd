"""The messages people from outside get, each in their language. None is sent without an address."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, format_datetime, gettext

from cms.contributions.models import Contribution
from cms.core.database import db
from cms.core.mail import queue_template
from cms.core.pages import absolute
from cms.core.walltime import zone_named
from cms.people.models import Person
from cms.posts.models import Post, Revision


def send_invitation(contribution: Contribution, token: str, *, person: Person, by: Person) -> None:
    """You are asked to write, or to agree to a text."""
    with force_locale(contribution.locale):
        title = _title(contribution)
        if contribution.is_writer:
            subject = gettext("%(inviter)s asks you to write: %(title)s", inviter=by.name, title=title)
            label = gettext("Read what is asked for")
        else:
            subject = gettext("%(inviter)s asks for your approval: %(title)s", inviter=by.name, title=title)
            label = gettext("Read the text")
        lines = [
            gettext("Dear %(name)s,", name=person.name),
            gettext(
                "%(inviter)s of %(site)s invites you to a page of your own:", inviter=by.name, site=_site()
            ),
            f"{title}{_deadline(contribution)}",
        ]
        small = [
            gettext(
                "You need no account. The link is meant for you alone: whoever has it can act in your name."
            ),
            gettext("If you do not know the sender, do nothing."),
        ]
    _send(contribution, token, subject, lines, label, small=small)


def send_reminder(contribution: Contribution, token: str, *, person: Person, at: datetime) -> None:
    """Something is due soon."""
    with force_locale(contribution.locale):
        title = _title(contribution)
        subject = gettext("A reminder: %(title)s", title=title)
        lines = [
            gettext("Dear %(name)s,", name=person.name),
            gettext("we are looking forward to your text.")
            if contribution.is_writer
            else gettext("your approval is still awaited."),
            f"{title}{_deadline(contribution)}",
        ]
        label, stop = gettext("Go to your page"), gettext("No more reminders")
    _send(contribution, token, subject, lines, label, stop_label=stop)


def send_news(
    contribution: Contribution, token: str, *, about: str, person: Person, by: Person | None, words: str = ""
) -> None:
    """Something happened at the desk: `handed_back`, `asked`, `said` or `changed`."""
    with force_locale(contribution.locale):
        name = by.name if by else _site()
        sentence = {
            "handed_back": gettext("%(person)s gives your text back with a request:", person=name),
            "asked": gettext("your text is ready. Please look at it and approve it and your byline."),
            "said": gettext("%(person)s writes to you:", person=name),
            "changed": gettext(
                "the text you approved was changed since. Please look at what is different and decide again."
            ),
        }[about]
        lines = [gettext("Dear %(name)s,", name=person.name), sentence]
        subject, label = _title(contribution), gettext("Go to your page")
    _send(contribution, token, subject, lines, label, said=words)


def _send(
    contribution: Contribution,
    token: str,
    subject: str,
    lines: Sequence[str],
    label: str,
    *,
    said: str = "",
    small: Sequence[str] = (),
    stop_label: str = "",
) -> None:
    link = absolute(f"/{contribution.locale}/contribute/{token}")
    queue_template(
        contribution.email or "",
        "contribution",
        subject=subject,
        locale=contribution.locale,
        site=_site(),
        lines=lines,
        said=said,
        link=link,
        label=label,
        small=small,
        stop_link=f"{link}/reminders" if stop_label else "",
        stop_label=stop_label,
    )


def _title(contribution: Contribution) -> str:
    post = db.session.get(Post, contribution.post_id)
    revision = db.session.get(Revision, post.latest_revision_id) if post else None
    return (revision.title if revision else "") or gettext("a text without a title yet")


def _deadline(contribution: Contribution) -> str:
    if contribution.due_at is None:
        return ""
    local = contribution.due_at.astimezone(zone_named(contribution.due_zone or "UTC"))
    when = format_datetime(local, "medium", rebase=False)
    return str(gettext(" (until %(when)s, %(zone)s)", when=when, zone=contribution.due_zone))


def _site() -> str:
    return absolute("").split("://", 1)[1]
