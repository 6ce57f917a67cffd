"""Who did it: a table of rules, looked through in order. The first that fits decides; nothing is left out.

Every rule has a number that is never used again for another meaning, and the table has a version. Both are kept with
what happened, so that it can be scored again once the table is better.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from campaigns.engagement.lines import Line
from campaigns.engagement.watch import NOTHING, Seen

VERSION = 4  # of the table: raised with every change of RULES or of what they look at
Class = Literal["human", "preview", "prefetch", "scanner", "crawler", "staff", "unknown"]
LINKS_OF_VISITOR = 3  # different links of one message within seconds: from the third on
LINKS_OF_NETWORK = 6
VIEWS_AT_ONCE = 30
CLASSES: tuple[Class, ...] = get_args(Class)


@dataclass(frozen=True, eq=False)  # each is itself alone: comparing them would translate their words
class Rule:
    """One line of the table."""

    id: int
    verdict: Class
    fits: Callable[[Line, Seen], bool]
    words: LazyString  # for readers


def _named(kind: str) -> Callable[[Line, Seen], bool]:
    return lambda line, seen: line.agent.startswith(f"{kind}:")


RULES = (
    Rule(
        1,
        "preview",
        lambda line, seen: line.hints[:1] == "H",
        _("Asked only for the head of a page, as networks do before they show a link."),
    ),
    Rule(
        2,
        "prefetch",
        lambda line, seen: "p" in line.hints,
        _("The browser says that it only fetches in advance."),
    ),
    Rule(3, "preview", _named("preview"), _("The program names itself as one that shows previews of links.")),
    Rule(
        4,
        "scanner",
        _named("scanner"),
        _("The program names itself as one that tests links in mail, or servers."),
    ),
    Rule(
        5,
        "crawler",
        _named("crawler"),
        _("The program names itself as a search engine or another robot, or is no browser."),
    ),
    Rule(
        7, "staff", lambda line, seen: "s" in line.hints, _("The browser was at the desk: somebody of ours.")
    ),
    Rule(
        10,
        "scanner",
        lambda line, seen: (
            seen.links_of_visitor >= LINKS_OF_VISITOR or seen.links_of_network >= LINKS_OF_NETWORK
        ),
        _("Several links of one message were followed within five seconds, as programs do that test mail."),
    ),
    Rule(
        13,
        "scanner",
        lambda line, seen: seen.is_trapped,
        _(
            "Followed a link that people cannot see and that robots are asked to leave alone, within the hour before."
        ),
    ),
    Rule(
        11,
        "unknown",
        lambda line, seen: seen.views_at_once > VIEWS_AT_ONCE,
        _("One of many views of a post just published that came within ten seconds and from nowhere."),
    ),
    Rule(
        12,
        "scanner",
        lambda line, seen: "c" in line.hints,
        _("The address belongs to a data centre, by the list that the operator of this site keeps."),
    ),
    Rule(
        14,
        "prefetch",
        _named("mailbox"),
        _("A mail service fetched the picture of a letter, for its reader or in advance."),
    ),
    Rule(8, "human", _named("browser"), _("A browser that none of the rules above fits.")),
    Rule(9, "unknown", lambda line, seen: True, _("Anything else: it says nothing, or nothing we know.")),
)


def classify(line: Line, seen: Seen = NOTHING) -> Rule:
    """The rule that fits a line and what came with it; the last fits always."""
    return _judged(line.hints, line.agent, seen)


@lru_cache(maxsize=8192)
def _judged(hints: str, agent: str, seen: Seen) -> Rule:
    """Rules look at nothing else of a line: most lines are like one before."""
    line = Line(0, "view", hints, 0, "", agent=agent)
    return next(rule for rule in RULES if rule.fits(line, seen))
