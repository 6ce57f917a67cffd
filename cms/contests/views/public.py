"""Contests as readers see them. The same for everybody, so made once and kept, until the next phase begins or ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response, url_for
from flask_babel import gettext as _

from cms.contests import feeds, phases, queries
from cms.contests.models import Contest, ContestPlace
from cms.contests.services import may_appeal
from cms.contests.views import bp
from cms.contests.views.asked import Answer, public_contest
from cms.contests.wording import (
    ELIGIBLE_NAMES,
    PHASE_HELP,
    PHASE_NAMES,
    RESULT_NAMES,
    STAGE_NAMES,
    act_words,
    full_title,
    moment_words,
)
from cms.core import clock
from cms.core.access import public
from cms.core.errors import NotFound
from cms.core.languages import localized
from cms.core.later import later
from cms.core.pagecache import cached_page, depends_on, keep_for
from cms.core.pages import absolute, config, page
from cms.site.asked import edition, feed_links, host
from cms.site.heads import list_head
from cms.site.queries.site import in_words, site

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = later("icalendar")

LONGEST_KEPT = timedelta(hours=1)


@bp.get("/contests")
@public
@cached_page
def list_contests() -> str:
    """What can be entered, what goes on, what is to come, and what is over."""
    wanted, shown, at = edition(), site(), clock.now()
    heading, intro = (
        _("Contests"),
        _("Themes to write about, with a jury, a public vote and results that anyone can check."),
    )
    found = queries.public_contests()
    depends_on("contests")
    _keep(found, at)
    return page(
        "cms/contests/public/list.html",
        groups=_groups(found, at),
        entries=queries.sort_of_entries([one.id for one in found]),
        heading=heading,
        intro=intro,
        stage_of=lambda one: phases.stage(one, at),
        stage_names=STAGE_NAMES,
        moment_of=lambda one: phases.next_moment(one, at),
        moment_words=moment_words,
        full_title=full_title,
        feeds=feed_links(wanted, "/contests", heading),
        head=list_head(wanted, host(), shown, path="/contests", title=heading, about=intro),
    )


@bp.get("/contests/winners")
@public
@cached_page
def show_winners() -> str:
    """The hall of fame."""
    wanted, shown = edition(), site()
    heading, intro = _("Hall of fame"), _("Everybody who won one of our contests.")
    depends_on("contests", "posts")
    return page(
        "cms/contests/public/winners.html",
        contests=queries.hall_of_fame(),
        heading=heading,
        intro=intro,
        full_title=full_title,
        feeds=feed_links(wanted, "/contests", _("Contests")),
        head=list_head(wanted, host(), shown, path="/contests/winners", title=heading, about=intro),
    )


@bp.get("/contests/<slug>")
@public
@cached_page
def show_contest(slug: str) -> Answer:
    """One contest: theme, countdown, phases, prizes, rules, results, and what happened."""
    contest = public_contest(slug)
    wanted, at = edition(), clock.now()
    depends_on(f"contest:{contest.id}", "posts")
    _keep([contest], at)
    title, about = full_title(contest), in_words(contest.summary, wanted.locale)
    return page(
        "cms/contests/public/show.html",
        contest=contest,
        stage=phases.stage(contest, at),
        stage_names=STAGE_NAMES,
        moment=phases.next_moment(contest, at),
        moment_words=moment_words,
        state_of=lambda one: phases.state_of(one, at),
        phase_names=PHASE_NAMES,
        phase_help=PHASE_HELP,
        eligible_names=ELIGIBLE_NAMES,
        result_names=RESULT_NAMES,
        takes_entries=phases.is_open(contest, "entries", at),
        may_appeal=may_appeal(contest, at),
        brief=localized(contest.brief_html, wanted.locale),
        rules=contest.rules[-1],
        older_rules=contest.rules[-2::-1],
        places=_places(contest),
        count=queries.sort_of_entries([contest.id]).get(contest.id, 0),
        acts=queries.acts_of(contest.id),
        act_words=act_words,
        heading=title,
        intro=about,
        feeds=feed_links(wanted, f"/contests/{contest.slug}", title),
        head=list_head(wanted, host(), site(), path=f"/contests/{contest.slug}", title=title, about=about),
    )


@bp.get("/contests/<slug>/rules/<int:number>")
@public
@cached_page
def show_rules(slug: str, number: int) -> str:
    """One version of the rules, which stays readable for whoever agreed to it."""
    contest = public_contest(slug)
    found = next((one for one in contest.rules if one.number == number), None)
    if found is None:
        raise NotFound
    wanted, title = edition(), _("Rules, version %(number)d", number=number)
    depends_on(f"contest:{contest.id}")
    path = f"/contests/{contest.slug}/rules/{number}"
    return page(
        "cms/contests/public/rules.html",
        contest=contest,
        rules=found,
        is_newest=found is contest.rules[-1],
        full_title=full_title,
        heading=title,
        head=list_head(wanted, host(), site(), path=path, title=title),
    )


@bp.get("/contests/<slug>/calendar.ics")
@public
@cached_page
def show_calendar(slug: str) -> Response:
    """Every phase of a contest for calendar programs: instants in UTC, which each turns to its reader's clock."""
    contest = public_contest(slug)
    depends_on(f"contest:{contest.id}")
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{config().host}//Parley//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", full_title(contest))
    for event in _events(contest):
        calendar.add_component(event)
    response = Response(bytes(calendar.to_ical()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'inline; filename="{contest.id}.ics"'
    return response


feeds.add_to(bp)


def _events(contest: Contest) -> "list[icalendar.Event]":
    made = []
    for phase in contest.phases:
        event = icalendar.Event()
        event.add("uid", f"contest:{contest.id}:{phase.kind}@{config().host}")
        event.add("dtstamp", contest.edited_at)
        event.add("dtstart", phase.starts_at)
        if phase.ends_at is not None:
            event.add("dtend", phase.ends_at)
        event.add("summary", f"{full_title(contest)}: {PHASE_NAMES[phase.kind]}")
        event.add("description", f"{PHASE_HELP[phase.kind]} ({contest.zone})")
        event.add("url", absolute(url_for("contests.show_contest", slug=contest.slug)))
        event.add("last-modified", contest.edited_at)
        event.add("sequence", contest.version)
        event.add("transp", "TRANSPARENT")
        if contest.cancelled_at is not None:
            event.add("status", "CANCELLED")
        made.append(event)
    return made


def _places(contest: Contest) -> Sequence[ContestPlace]:
    """What readers may know of the results: nothing before they are preliminary."""
    return queries.places_of(contest.id) if contest.results_state is not None else []


def _groups(found: Sequence[Contest], at: datetime) -> list[tuple[str, list[Contest]]]:
    by_stage: dict[str, list[Contest]] = {"open": [], "running": [], "coming": [], "over": []}
    for one in found:
        stage = phases.stage(one, at)
        if stage == "entries":
            by_stage["open"].append(one)
        elif stage in ("coming", "announce"):
            by_stage["coming"].append(one)
        elif stage in ("finished", "cancelled"):
            by_stage["over"].append(one)
        else:
            by_stage["running"].append(one)
    names = {
        "open": _("Open for entries"),
        "running": _("Under way"),
        "coming": _("Announced"),
        "over": _("What came before"),
    }
    return [(names[key], rows) for key, rows in by_stage.items() if rows]


def _keep(found: Sequence[Contest], at: datetime) -> None:
    """A page says what is open now, so it is kept only until that changes."""
    moments = [
        moment
        for one in found
        for phase in one.phases
        for moment in (phase.starts_at, phase.ends_at)
        if moment is not None and at < moment < at + LONGEST_KEPT
    ]
    if moments:
        keep_for(max(0.05, (min(moments) - at).total_seconds()))
