"""Findings about when it goes out: the time itself, the account and the post at that time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from campaigns.channels.catalogue import find_adapter
from campaigns.channels.fields import lacking
from campaigns.channels.models import Account
from campaigns.deliveries.services.placing import place
from campaigns.deliveries.timing import AtWall, Now, When
from cms.core import walltime
from cms.core.errors import Invalid
from cms.core.seams import Finding
from cms.core.walltime import AmbiguousTime
from cms.posts.models import Post

SOON = timedelta(minutes=1)  # quiet hours of less are no news


@dataclass(frozen=True)
class Moment:
    """When it would go out, None where that is not known yet; `asked` is what was meant before quiet hours."""

    at: datetime | None
    asked: datetime | None
    is_wall: bool


def moment_of(
    when: When, account: Account, post: Post, ignores_quiet: bool, *, at: datetime
) -> tuple[Moment, list[Finding]]:
    """The moment, and why there is none."""
    try:
        found = place(when, account=account, post=post, ignores_quiet=ignores_quiet, at=at)
    except AmbiguousTime as question:
        return Moment(None, None, True), [Finding("time.twice", question.message, is_blocking=True)]
    except Invalid as problem:
        sentence = " ".join(problem.errors.values()) or str(problem.message)
        return Moment(None, None, True), [Finding("time.refused", sentence, is_blocking=True)]
    asked = found.at
    if isinstance(when, AtWall):
        asked = walltime.instant(when.wall, when.zone, which=when.which)
    elif isinstance(when, Now) and post.is_live:
        asked = at
    return Moment(found.at, asked, isinstance(when, AtWall)), []


def at_its_time(post: Post, account: Account, moment: Moment, *, at: datetime) -> Iterator[Finding]:
    """What the account and the post are like then."""
    yield from _of_account(account, moment.at or post.due_at or at)
    if moment.at and moment.asked and moment.at - moment.asked > SOON:
        when = spoken(moment.at, account.zone)
        yield Finding("time.quiet", _("These are quiet hours there: it goes out at %(when)s.", when=when))
    yield from _of_post(post, account, moment)


def spoken(at: datetime, zone: str) -> str:
    """An instant by the clock of a zone."""
    local = at.astimezone(walltime.zone_named(zone))
    return walltime.shown(format_datetime(local.replace(tzinfo=None), "short", rebase=False), zone)


def _of_account(account: Account, then: datetime) -> Iterator[Finding]:
    page = url_for("channels.show_account", account_id=account.id)
    if account.state == "removed":
        yield Finding("account.removed", _("This account is not connected any more."), is_blocking=True)
    elif account.state == "paused":
        sentence = _("This account is paused: nothing goes out until it is connected again.")
        yield Finding("account.paused", f"{sentence} {account.problem}".strip(), url=page)
    adapter = find_adapter(account.channel)
    missing = lacking(adapter, account.settings) if adapter else []
    if missing:
        sentence = _("This account lacks what its network asks for: %(fields)s.", fields=", ".join(missing))
        yield Finding("account.settings", sentence, is_blocking=True, url=page)
    if account.expires_at is not None and account.expires_at <= then:
        when = spoken(account.expires_at, account.zone)
        sentence = _("Its credentials end before that, at %(when)s. Renew them first.", when=when)
        yield Finding("account.expires", sentence, url=page)
    if account.limited_until is not None and account.limited_until > then:
        when = spoken(account.limited_until, account.zone)
        yield Finding("account.limited", _("The network asked us to wait until %(when)s.", when=when))


def _of_post(post: Post, account: Account, moment: Moment) -> Iterator[Finding]:
    page = url_for("posts.edit_post", post_id=post.id)
    if post.trashed_at is not None:
        yield Finding("post.trashed", _("This post is in the trash. Restore it first."), is_blocking=True)
        return
    if account.language and account.language != post.language:
        yield Finding("post.language", _("This account speaks another language than the post."))
    if moment.at is None:
        if not post.is_live and post.due_at is None:
            yield Finding("post.unplanned", _("It waits until somebody publishes the post."), url=page)
        return
    if post.embargo_until is not None and post.embargo_until > moment.at:
        when = spoken(post.embargo_until, account.zone)
        sentence = _("An embargo stands until %(when)s.", when=when)
        yield Finding("post.embargo", sentence, is_blocking=True, url=page)
    elif not post.is_live and post.due_at is None:
        sentence = _(
            "The post is not published, and nobody planned it. It goes out only if it is live by then."
        )
        yield Finding("post.unplanned", sentence, url=page)
    elif not post.is_live and post.due_at is not None and post.due_at > moment.at:
        when = spoken(post.due_at, account.zone)
        sentence = _("The post is published later than that, at %(when)s.", when=when)
        yield Finding("post.later", sentence, is_blocking=True, url=page)
    if post.removal_at is not None and post.removal_at <= moment.at:
        when = spoken(post.removal_at, account.zone)
        sentence = _("The post is taken down before that, at %(when)s.", when=when)
        yield Finding("post.ends", sentence, is_blocking=True, url=page)
