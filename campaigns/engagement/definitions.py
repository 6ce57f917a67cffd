"""What every figure means, once: the desk, the public page and the documentation say it in these words."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaigns.engagement.classify import Class

VERSION = 1  # raised whenever a figure comes to mean something else


@dataclass(frozen=True)
class Definition:
    """A figure: its name, and what it counts."""

    key: str
    name: LazyString
    words: LazyString


FIGURES = (
    Definition(
        "views",
        _("Views"),
        _(
            "A page of ours was opened, and somebody's browser showed it. Loading it again is another view. A tab"
            " that was never looked at is none."
        ),
    ),
    Definition(
        "people",
        _("Different people"),
        _(
            "Different readers, as far as they can be told apart without a cookie: by a number made of network "
            "address, browser and a random key that is destroyed when its window ends. Several people behind one "
            "address with the same browser are one; one person with a telephone and a computer is two. That is "
            "why the figure says “about”."
        ),
    ),
    Definition(
        "engaged",
        _("Engaged"),
        _("Views in which the page was in sight for ten seconds or more."),
    ),
    Definition(
        "seconds",
        _("Reading time"),
        _(
            "How long pages were in sight, on average over views. After 30 seconds without moving, scrolling or "
            "typing the clock stands still; it stops after an hour."
        ),
    ),
    Definition(
        "clicks",
        _("Clicks"),
        _("A short link of ours was followed by a browser. Ten times by one person is ten clicks."),
    ),
    Definition(
        "verified",
        _("Verified clicks"),
        _(
            "Clicks after which a page of ours was really shown: the random number that the link added came back "
            "from it. Links to other sites have none."
        ),
    ),
    Definition(
        "previews",
        _("Link previews"),
        _(
            "A network looked at the page or the link in order to show it, often hundreds of times for one post. "
            "Never part of the figures above."
        ),
    ),
    Definition(
        "machines",
        _("Robots"),
        _(
            "Search engines, archives, mail scanners, and browsers that fetch pages in advance. Never part of the"
            " figures above."
        ),
    ),
    Definition(
        "staff", _("Ourselves"), _("Browsers that were at the desk. Never part of the figures above.")
    ),
    Definition(
        "unknown",
        _("Unknown"),
        _("Programs that say nothing of themselves, or nothing we know. Never part of the figures above."),
    ),
    Definition(
        "share",
        _("Shares"),
        _(
            "The share button of a page was used: the address was copied, given to the device, or put into a mail."
            " Whether anybody got it is not known."
        ),
    ),
    Definition(
        "download",
        _("Downloads"),
        _(
            "A link to a file of ours was followed from a page. Which file is kept; pictures in the text are none."
        ),
    ),
    Definition(
        "outbound",
        _("Ways out"),
        _(
            "A link to another site was followed from a page. Only the name of that site is kept, not the page."
        ),
    ),
    Definition(
        "open:reader",
        _("Letters opened"),
        _(
            "The picture in a letter was shown by a mail program: each reader once for each letter and window. Only letters"
            " of accounts that ask for it carry one, and it is the same for everybody, so nobody learns who opened."
            " Programs that show no pictures are missing. Never part of readers of pages, and no letter is ranked by it."
        ),
    ),
    Definition(
        "open:service",
        _("Fetched by mail services"),
        _(
            "Mail services of Apple, Google and Yahoo fetch the picture in a letter themselves, Apple’s also when nobody"
            " looks. Every time counts, since one machine of theirs asks for many people. How many opened lies between"
            " nobody of these and all: it stands apart."
        ),
    ),
    Definition("signup", _("Sign-ups"), _("Somebody made an account and confirmed their address.")),
    Definition(
        "goal",
        _("Conversions"),
        _(
            "What a campaign hopes for was done by somebody whom it had reached before in the same window: each"
            " person once, or every time where the campaign says so. Counted one by one, never estimated. Where the"
            " browser asks not to be tracked, only what happens on the campaign’s own pages counts, and as nobody’s."
        ),
    ),
    Definition(
        "feed_announced",
        _("Subscribers that services announce"),
        _(
            "Services that fetch a feed for many say for how many. The newest number of each from the last seven"
            " days counts, never the sum of their visits; formats of a feed are one feed. Nobody checks what they"
            " say. Never part of readers of pages."
        ),
    ),
    Definition(
        "feed_individuals",
        _("Feed readers of their own"),
        _(
            "Programs that fetch a feed for one person, told apart for one day. The fullest of the last seven days"
            " counts, so it is at least so many. Browsers and search engines are none."
        ),
    ),
    Definition(
        "answer",
        _("Answers"),
        _(
            "Somebody answered a question on a page: once for each reader and window. What they say of themselves is"
            " as they say it. Below ten answers nothing is given in per cent."
        ),
    ),
    Definition(
        "nps",
        _("Recommendation (NPS)"),
        _(
            "Of a question from 0 to 10: the part that answered 9 or 10 less the part that answered 0 to 6, in per"
            " cent, with the interval in which it lies 95 times of 100."
        ),
    ),
)
NAMES = {one.key: one.name for one in FIGURES}
WORDS = {one.key: one.words for one in FIGURES}
CLASS_NAMES: dict[Class, LazyString] = {
    "human": _("A person"),
    "preview": _("Link preview"),
    "prefetch": _("Fetched in advance"),
    "scanner": _("Scanner"),
    "crawler": _("Robot"),
    "staff": _("One of us"),
    "unknown": _("Unknown"),
}
