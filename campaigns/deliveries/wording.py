"""Deliveries in plain words: states, what a person can do about each, and the lines of their story."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import lazy_pgettext

STATES: dict[str, tuple[Any, str]] = {  # the word, and how it is drawn
    "waiting": (_("Waits for its post"), "quiet"),
    "scheduled": (_("Goes out"), "quiet"),
    "sending": (_("Being sent"), "quiet"),
    "finishing": (_("Taken, not finished there"), "quiet"),
    "sent": (_("Sent"), "good"),
    "refused": (lazy_pgettext("delivery", "Refused"), "bad"),
    "unsure": (_("Nobody knows"), "warn"),
    "missed": (_("Missed"), "bad"),
    "held": (_("Held"), "warn"),
    "by_hand": (_("Post by hand"), "warn"),
    "cancelled": (_("Cancelled"), "quiet"),
}
TO_DO: dict[str, Any] = {
    "refused": _("Mend it and send it again."),
    "unsure": _("Look there, and say whether it arrived."),
    "missed": _("Choose another time, or drop it."),
    "held": _("Choose another time, or drop it."),
    "by_hand": _("Post the text there, then paste its address."),
}
EVENTS: dict[str, Any] = {
    "planned": _("Planned"),
    "scheduled": _("Its post is published: it goes out"),
    "waits": _("Waits for its post"),
    "moved": _("Moved to another time"),
    "realigned": _("The clocks of its zone changed: it keeps its time of day"),
    "cancelled": _("Cancelled"),
    "intended": _("Went to the network"),
    "made": _("One part is there"),
    "sent": _("The network took it"),
    "later": _("The network asked us to come back later"),
    "finishing": _("The network took it and is not finished"),
    "refused": lazy_pgettext("delivery", "Refused"),
    "paused": _("The account cannot send and was paused; this stays planned"),
    "unsure": _("No clear answer: nobody knows whether it arrived"),
    "found": _("Looked there, and found it"),
    "missing": _("Looked there: it did not arrive"),
    "asks": _("Looking gave no answer: a person has to look"),
    "held": _("Held: a pause stood when it was due"),
    "missed": _("Missed: it would have gone out too late"),
    "quiet": _("Waits until the quiet hours are over"),
    "handed_on": _("Another worker goes on with it"),
    "abandoned": _("The worker that had it ended without a word"),
    "retried": _("Sent again by hand"),
    "settled": _("Somebody looked, and said how it ended"),
    "decided": _("Somebody decided what becomes of it"),
    "by_hand": _("Ready to be posted by hand"),
    "confirmed": _("Posted by hand"),
    "edit_wished": _("To be changed there"),
    "edited": _("Changed there"),
    "delete_wished": _("To be deleted there"),
    "deleted": _("Deleted there"),
    "gone": _("Marked as gone there"),
}
VERDICTS: dict[str, Any] = {  # details of events
    "arrived": _("It arrived."),
    "did_not_arrive": _("It did not arrive."),
    "send": _("Send it."),
    "drop": _("Drop it."),
    "taken_down": _("Its post is not published any more."),
    "post_removed": _("Its post is gone."),
    "late": _("Nothing could send it in time."),
}
SCOPES: dict[str, Any] = {
    "everything": _("Everything"),
    "campaign": _("One campaign"),
    "account": _("One account"),
}
RULES: dict[str, Any] = {  # RFC 5545, as people choose them
    "FREQ=DAILY": _("every day"),
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": _("every weekday"),
    "FREQ=WEEKLY": _("every week"),
    "FREQ=WEEKLY;INTERVAL=2": _("every two weeks"),
    "FREQ=MONTHLY": _("every month"),
    "FREQ=YEARLY": _("every year"),
}


def event_words(kind: str) -> Any:
    """A line of a story in plain words; a kind nobody put into words yet, as it is."""
    return EVENTS.get(kind, kind.replace("_", " "))
