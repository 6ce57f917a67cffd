"""What a network can do and takes, in sentences."""

from collections.abc import Sequence
from typing import Any

from flask_babel import format_decimal, lazy_gettext, ngettext
from flask_babel import gettext as _

from campaigns.channels.adapter import Adapter
from campaigns.channels.messages import Limits

MEGABYTE = 1_000_000
PROVEN = {
    "server": lazy_gettext("Tried against the real software"),
    "protocol": lazy_gettext("Tried against the specification's own library"),
    "fake": lazy_gettext("Tried against a stand-in that follows its published rules"),
}


def abilities(adapter: Adapter) -> str:
    """What can be done there, in one line."""
    if adapter.is_by_hand:
        return str(_("You post by hand: text and pictures are made ready, and you paste the address."))
    limits = adapter.base_limits
    said = [
        _("whole articles") if limits.carries_html else _("short texts"),
        *([_("threads")] if limits.parts > 1 else []),
        *([_("pictures")] if limits.pictures else []),
        *([_("drafts for a person to publish")] if adapter.can_draft else []),
        *([_("corrections")] if adapter.can_edit else []),
        *([_("deletion")] if adapter.can_delete else []),
    ]
    line = str(_(", ").join(said))
    return line[:1].upper() + line[1:]


def proof(adapter: Adapter) -> Any:
    """What it was tried against."""
    return PROVEN.get(adapter.proven_against, PROVEN["fake"])


def limits_in_words(limits: Limits) -> Sequence[str]:
    """What a network takes, a sentence each."""
    return list(
        filter(None, (_text(limits), _parts(limits), _titles(limits), _pictures(limits), _tags(limits)))
    )


def _text(limits: Limits) -> str:
    if limits.text is None:
        return str(_("Texts of any length"))
    longest = format_decimal(limits.text)
    if limits.counter == "bytes":
        return str(_("Texts of at most %(longest)s bytes; a Chinese character takes 3", longest=longest))
    if limits.counter == "weibo":
        return str(
            _("Texts of at most %(longest)s Chinese characters; Latin letters count half", longest=longest)
        )
    return str(_("Texts of at most %(longest)s characters", longest=longest))


def _parts(limits: Limits) -> str:
    if limits.parts <= 1:
        return ""
    return str(_("Longer texts as a thread of up to %(num)s", num=limits.parts))


def _titles(limits: Limits) -> str:
    if not limits.title:
        return ""
    return str(_("Titles of at most %(longest)s characters", longest=format_decimal(limits.title)))


def _pictures(limits: Limits) -> str:
    if not limits.pictures:
        return str(_("No pictures"))
    size = format_decimal(round(limits.picture_bytes / MEGABYTE, 1))
    said = ngettext(
        "%(num)d picture of up to %(size)s MB",
        "%(num)d pictures of up to %(size)s MB each",
        limits.pictures,
        size=size,
    )
    return str(said if limits.alt != 0 else _("%(said)s, without alternative text", said=said))


def _tags(limits: Limits) -> str:
    return "" if limits.tags is None else str(ngettext("%(num)d tag", "%(num)d tags", limits.tags))
