"""The calendar of the desk, the private addresses to read it at, and views that people keep."""

from cms.calendar import services
from cms.core import clock
from cms.core.database import transaction
from tests.factories import make_person
from tests.house.authorisation import HIDDEN, SIGN_IN, each, everyone, staff


def feed() -> str:
    owner = make_person("Feed Owner", "editor", handle="feedowner")
    with transaction():
        return f"/calendar/{services.make_feed(owner.id, by=owner, at=clock.now())}.ics"


NOT_THEIRS = dict.fromkeys(
    ("visitor", "member", "expert", "author", "editor", "manager", "admin"), HIDDEN
) | {"visitor": SIGN_IN}
ROWS = {
    "calendar.show_calendar GET": staff("/desk/calendar"),
    "calendar.show_feed GET": staff("/desk/calendar/feed"),
    "calendar.make_feed POST": staff("/desk/calendar/feed"),
    "calendar.revoke_feed POST": each(at="/desk/calendar/feed/removal", **NOT_THEIRS),
    "calendar.read_feed GET": everyone(feed),
    "calendar.keep_view POST": staff("/desk/views"),
    "calendar.forget_view POST": each(at="/desk/views/1/removal", **NOT_THEIRS),
}
WRITES = {
    "calendar.read_feed": "when a program last read it is noted, so that its owner can see whether one does"
}
