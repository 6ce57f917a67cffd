"""The calendar: a month, a week, a list, one day."""

from dataclasses import replace
from datetime import date
from typing import Any

from babel.dates import format_date, format_interval
from flask import request, url_for
from flask_babel import lazy_gettext as _

from cms.calendar import clashes, grid, queries, rules
from cms.calendar.days import Stretch
from cms.calendar.forms import MoveForm
from cms.calendar.sources import sources
from cms.calendar.views import bp
from cms.calendar.views.asked import KEPT, Asked, asked, me
from cms.core.access import allowed
from cms.core.languages import request_locale
from cms.core.pages import page
from cms.topics import queries as topics

ROOM = {"month": 4, "week": 40}  # entries that fit a day
VIEW_NAMES = {"month": _("Month"), "week": _("Week"), "list": _("List")}
SAID = {  # by the script, with what it stands for put in
    "moved": _("Moved to {when}."),
    "back": _("Back at {when}."),
    "undo": _("Undo"),
    "moving": _(
        "Moving {title}. The arrow keys choose a day, Enter drops it, Escape leaves it where it was."
    ),
    "left": _("Left where it was."),
    "fixed": _("This cannot be moved here."),
    "failed": _("It was not moved: the server did not answer. Please try again."),
}
STATE_NAMES = {"planned": _("Planned"), "done": _("Done"), "missed": _("Missed")}


@bp.get("/desk/calendar")
@allowed(rules.can_see_calendar)
def show_calendar() -> str:
    """Everything that has a time and that this person may see, laid out on days."""
    ask = asked()
    start, end = ask.stretch.bounds(ask.zone)
    view = ask.stretch.view
    entries = queries.entries(me(), start, end, replace(ask.wanted, is_brief=view in ROOM))
    shown = [grid.show(entry, zone=ask.zone) for entry in entries]
    found = clashes.clashes(entries, zone=ask.zone)
    return page(
        "cms/calendar/calendar.html",
        ask=ask,
        view=view,
        weeks=grid.weeks(ask.stretch, shown, room=ROOM[view]) if view in ROOM else [],
        agenda=[] if view in ROOM else grid.agenda(ask.stretch, shown),
        is_empty=not entries,
        heading=_heading(ask.stretch),
        weekdays=[_words(day, "EEE", "EEE") for day in ask.stretch.days[:7]],
        day_name=_day_name,
        links=_links(ask),
        sources={one.kind: replace(one, label=str(one.label)) for one in sources()},  # said a hundred times
        tones={one.kind: number % 6 + 1 for number, one in enumerate(sources())},
        said={name: str(words) for name, words in SAID.items()},
        sections=topics.sections(),
        people=queries.writers(),
        clashes=found,
        clashing={entry.key for clash in found for entry in clash.entries},
        state_names=STATE_NAMES,
        here=_query(),
        views=queries.kept_views(me().id, "calendar"),
        form=MoveForm(formdata=None),
    )


def address(**changed: Any) -> str:
    """This calendar, with something else asked for."""
    kept = {name: request.args.getlist(name) for name in (*KEPT, "on") if request.args.get(name)}
    return url_for("calendar.show_calendar", **{**kept, **changed})


def _query() -> str:
    """What the view is narrowed to, as the end of an address; the days are not part of it."""
    kept: dict[str, Any] = {name: request.args.getlist(name) for name in KEPT if request.args.get(name)}
    return url_for("calendar.show_calendar", **kept).partition("?")[2]


def _links(ask: Asked) -> dict[str, Any]:
    kinds, of_a_day = ask.wanted.kinds or frozenset(), address(view="day", on="DAY")
    return {
        "before": address(on=ask.stretch.before),
        "after": address(on=ask.stretch.after),
        "today": address(on=None),
        "all": url_for("calendar.show_calendar", view=ask.stretch.view, on=ask.stretch.on),
        "views": [
            (label, address(view=view, on=ask.stretch.on), view == ask.stretch.view)
            for view, label in VIEW_NAMES.items()
        ],
        "kinds": [
            (one, address(kind=sorted(kinds ^ {one.kind}) or None), one.kind in kinds) for one in sources()
        ],
        "day": lambda day: of_a_day.replace("DAY", day.isoformat()),
    }


def _heading(stretch: Stretch) -> str:
    if stretch.view == "month":
        return _words(stretch.on, "MMMM y", "y年M月")
    if stretch.view == "day":
        return _words(stretch.on, "EEEE d MMMM y", "y年M月d日 EEEE")
    return str(format_interval(stretch.first, stretch.last, "yMMMd", locale=_locale()))


def _day_name(day: date) -> str:
    return _words(day, "EEEE d MMMM", "M月d日 EEEE")


def _words(day: date, english: str, chinese: str) -> str:
    return str(format_date(day, chinese if _locale() == "zh" else english, locale=_locale()))


def _locale() -> str:
    return "zh" if request_locale() == "zh" else "en_GB"  # days before months
