"""How a post will look on a network: the text taken apart into what readers see as links, tags and names, its length
by the network's own rule, and what differs from the original, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import regex
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from campaigns.channels.counting import excess, length, links_in
from campaigns.channels.messages import DraftPart, Limits
from campaigns.deliveries.composing import Tailored
from campaigns.deliveries.composing.drafts import Difference
from cms.core.pages import long_date
from cms.media.models import Media

UNITS: dict[str, Any] = {
    "graphemes": lazy_gettext("characters"),
    "mastodon": lazy_gettext("characters"),
    "characters": lazy_gettext("characters"),
    "bytes": lazy_gettext("bytes"),
    "weibo": lazy_gettext("Han characters, others count half"),
}
FIELDS: dict[str, Any] = {
    "text": lazy_gettext("The text"),
    "title": lazy_gettext("The title"),
    "summary": lazy_gettext("The summary"),
    "pictures": lazy_gettext("The pictures"),
}
NEARLY = 0.9  # of the limit: from there on the count is worth a look
_MARKED = regex.compile(r"(?<![\w/&])(?:[#＃][\p{L}\p{M}\p{N}_]+[#＃]?|@[\w.@-]*\w)")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text as its readers see it."""

    kind: str  # text, link, tag
    text: str
    shown: str


@dataclass(frozen=True)
class Count:
    """How long a text is there, in words, and whether it fits."""

    words: str
    state: str  # "", "near", "over"
    share: int  # of the limit, in per cent


@dataclass(frozen=True)
class PartView:
    """One part of a thread as it is shown."""

    text: str
    pieces: list[Piece]
    count: Count
    media: list[tuple[Media, str]]


def part_views(parts: Sequence[DraftPart], limits: Limits, media: Mapping[int, Media]) -> list[PartView]:
    """The parts with their counts; pictures that are gone are left out."""
    return [
        PartView(
            text=one.text,
            pieces=pieces(one.text),
            count=count(one.text, limits),
            media=[(media[number], alt) for number, alt in one.media if number in media],
        )
        for one in parts
    ]


def count(text: str, limits: Limits) -> Count:
    """By the network's own rule: `"212 of 300 characters"`, or by how much it is over."""
    has = length(text, limits)
    unit = UNITS.get(limits.counter, limits.counter)
    if limits.text is None:
        return Count(_("%(count)s %(unit)s", count=has, unit=unit), "", 0)
    over = excess(text, limits)
    words = _("%(count)s of %(most)s %(unit)s", count=has, most=limits.text, unit=unit)
    if over:
        words += " · " + _("%(over)s too many", over=over)
    share = min(100, round(100 * has / limits.text)) if limits.text else 0
    return Count(words, "over" if over else "near" if has >= limits.text * NEARLY else "", share)


def pieces(text: str) -> list[Piece]:
    """Links, tags and names apart from the rest; put together again, they are the text."""
    found: list[Piece] = []
    at = 0
    for start, end in links_in(text):
        found += _marked(text[at:start])
        found.append(Piece("link", text[start:end], _short(text[start:end])))
        at = end
    return found + _marked(text[at:])


def differences(one: Tailored) -> list[str]:
    """What differs from the original, and why."""
    return [str(_difference(each, one)) for each in one.differences if not _is_inside(each, one)]


def host(address: str) -> str:
    """Whose page an address is."""
    return urlsplit(address).netloc


def _is_inside(one: Difference, about: Tailored) -> bool:
    """Whole articles carry their pictures themselves."""
    return one.code == "pictures_dropped" and about.limits.carries_html


def _marked(text: str) -> list[Piece]:
    found: list[Piece] = []
    at = 0
    for one in _MARKED.finditer(text):
        found += [Piece("text", text[at : one.start()], ""), Piece("tag", one[0], "")]
        at = one.end()
    found.append(Piece("text", text[at:], ""))
    return [one for one in found if one.text]


def _short(address: str) -> str:
    parts = urlsplit(address)
    said = parts.netloc + parts.path.rstrip("/")
    return said if len(said) <= 32 else said[:31] + "…"


def _difference(one: Difference, about: Tailored) -> Any:
    match one.code:
        case "shortened":
            return _("Shortened: this network takes %(most)s in one post.", most=about.limits.text or "")
        case "split":
            parts = len(about.draft.parts)
            return _("Split into %(count)s parts between sentences: it is too long for one.", count=parts)
        case "tags_removed":
            return _("The tags were left out, so that the words fit.")
        case "signature_removed":
            return _("The account's own words were left out, so that the text fits.")
        case "pictures_dropped" if not about.limits.pictures:
            return _("Its pictures stay behind: this network takes none.")
        case "pictures_dropped":
            return ngettext(
                "%(num)d picture stays behind: this network takes %(most)s.",
                "%(num)d pictures stay behind: this network takes %(most)s.",
                one.count,
                most=about.limits.pictures,
            )
        case "no_title":
            return _("This network has no titles: it begins the text.")
        case "link_removed":
            return _("The link was taken out: nobody can be counted who comes from there.")
        case "older_text":
            return _("The post was changed after this version was written. Read both once more.")
        case "edited":
            when = long_date(one.at) if one.at else ""
            what = FIELDS.get(one.field, one.field)
            return _(
                "%(what)s: changed by %(name)s, %(when)s.", what=what, name=one.by or _("somebody"), when=when
            )
    return one.code.replace("_", " ")
