"""The way in: what one has entered, what one may enter, being reminded."""

from flask import flash, redirect, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from cms.contests import phases, queries, services
from cms.contests.forms import EmptyForm
from cms.contests.models import Contest
from cms.contests.views import bp
from cms.contests.views.asked import Answer, done, me, public_contest
from cms.contests.wording import full_title
from cms.core import clock
from cms.core.access import allowed
from cms.core.database import transaction
from cms.core.errors import Conflict, Invalid
from cms.core.pages import page
from cms.people import rules as people_rules


@bp.get("/contests/<slug>/enter")
@allowed(people_rules.is_signed_in)
def take_part(slug: str) -> Answer:
    """Begin an entry, go on with one, or be reminded."""
    return _page(public_contest(slug))


@bp.post("/contests/<slug>/enter")
@allowed(people_rules.is_signed_in)
def begin_entry(slug: str) -> Answer:
    """Begin: with an empty page, or with something that was published."""
    contest, chosen = public_contest(slug), request.form.get("post", "")
    post_id = int(chosen) if chosen.isdecimal() and len(chosen) < 10 else None
    language = "zh" if str(get_locale()).startswith("zh") else "en"
    try:
        with transaction():
            entry_id = services.begin_entry(
                contest.id, language=language, post_id=post_id, by=me(), at=clock.now()
            ).id
    except (Conflict, Invalid) as problem:
        flash(str(next(iter(problem.errors.values()), problem.message)), "bad")
        return _page(public_contest(slug)), problem.status
    return redirect(url_for(".show_own_entry", entry_id=entry_id), 303)


@bp.post("/contests/<slug>/reminder")
@allowed(people_rules.is_signed_in)
def follow_contest(slug: str) -> Answer:
    """Be told when it goes on, and before the deadline."""
    contest = public_contest(slug)
    return done(
        lambda: services.follow_contest(contest.id, by=me(), at=clock.now()),
        _("You will be told when it goes on, and before the deadline."),
        url_for(".take_part", slug=slug),
    )


@bp.post("/contests/<slug>/reminder/removal")
@allowed(people_rules.is_signed_in)
def unfollow_contest(slug: str) -> Answer:
    """Be told no more."""
    contest = public_contest(slug)
    return done(
        lambda: services.unfollow_contest(contest.id, by=me()),
        _("You will not be told any more."),
        url_for(".take_part", slug=slug),
    )


def _page(contest: Contest) -> str:
    by, at = me(), clock.now()
    is_open = phases.is_open(contest, "entries", at)
    return page(
        "cms/contests/own/enter.html",
        contest=contest,
        full_title=full_title,
        entries=queries.entry_of_person(contest.id, by.id),
        is_open=is_open,
        obstacle=_obstacle(contest) if is_open else "",
        posts=queries.candidates(by.id) if is_open and contest.takes_posts else [],
        is_following=queries.is_following(contest.id, by.id),
        form=EmptyForm(formdata=None),
    )


def _obstacle(contest: Contest) -> str:
    """Why this person cannot enter; nothing when they can."""
    try:
        services.refuse_ineligible(contest, me(), clock.now())
    except services.NotEligible as problem:
        return str(problem.message)
    return ""
