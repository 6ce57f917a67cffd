"""The calendar in somebody's own program: the page that makes the address, and what is read there."""

from datetime import timedelta

from flask import Response, redirect, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from cms.calendar import ical, queries, rules, services
from cms.calendar.forms import MoveForm
from cms.calendar.sources import Wanted, sources
from cms.calendar.views import bp
from cms.calendar.views.asked import me
from cms.core import clock
from cms.core.access import allowed, public
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.core.pages import absolute, page

LOOKS_BACK, LOOKS_AHEAD = timedelta(days=60), timedelta(days=400)


@bp.get("/desk/calendar/feed")
@allowed(rules.can_see_calendar)
def show_feed() -> str:
    """Whether there is an address, when it was read, and the acts."""
    return _feed_page()


@bp.post("/desk/calendar/feed")
@allowed(rules.can_see_calendar)
def make_feed() -> Response:
    """A new address, shown this once; the old one stops."""
    by = me()
    with transaction():
        token = services.make_feed(by.id, by=by, at=clock.now())
    response = Response(_feed_page(absolute(url_for("calendar.read_feed", token=token))))
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.post("/desk/calendar/feed/removal")
@allowed(rules.can_see_calendar)
def revoke_feed() -> Redirect:
    """Stop the address."""
    by = me()
    with transaction():
        services.revoke_feed(by.id, by=by, at=clock.now())
    return redirect(url_for("calendar.show_feed"), 303)


@bp.get("/calendar/<token>.ics")
@public
def read_feed(token: str) -> Response:
    """What the owner of this address may see now, as a calendar."""
    at = clock.now()
    owner = queries.find_feed_owner(token)
    if owner is None or not rules.can_see_calendar(owner):
        raise NotFound
    found = queries.entries(owner, at - LOOKS_BACK, at + LOOKS_AHEAD, Wanted(with_cancelled=True))
    with force_locale("zh_Hans_CN" if owner.locale == "zh" else "en"):
        kinds = {one.kind: str(one.label) for one in sources()}
        body = ical.write(found, name=_("The desk's calendar"), kinds=kinds, at=at)
    with transaction():
        services.note_read(owner.id, at=at)
    response = Response(body, mimetype="text/calendar")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _feed_page(address: str | None = None) -> str:
    return page(
        "cms/calendar/feed.html",
        feed=queries.find_feed(me().id),
        address=address,
        form=MoveForm(formdata=None),
    )
