"""Where a link leads: what may be given as its target, and the address that a reader is sent to.

A target is checked once, when it is given, and kept in a form that nothing reads in two ways. From then on only two
things are added to it: the UTM values of the link, and the id of the click.
"""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, unquote

from flask_babel import gettext as _

from campaigns.links.values import FIELDS
from cms.core.addresses import AddressRefused, Target, is_public, literal, read_url
from cms.core.errors import Invalid
from cms.core.languages import split_prefix
from cms.core.pages import config
from cms.core.text import strip_control
from cms.people.models import Person

CLICK_PARAMETER = "pcid"
HOME = "/l/"
_FRAGMENT = "%/:;=,@!$&'()*+~-._?[]"
_LOCAL_NAMES = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa")
_SHORTENERS = frozenset(
    "bit.ly t.co tinyurl.com is.gd v.gd ow.ly buff.ly goo.gl rebrand.ly cutt.ly t.ly s.id dub.sh lnkd.in"
    " url.cn t.cn dwz.cn suo.im 985.so".split()
)


def read_target(typed: str, *, by: Person | None, field: str = "target") -> str:
    """A target as it is kept. Raises `Invalid` with a sentence about `field`.

    A path (`/posts/spring-notes`) is one of our own. Only staff (`by`) may lead elsewhere. Never allowed: other schemes
    than http and https, user names, our own `/l/`, other people's shorteners, machines that are not public.
    """
    typed = typed.strip()
    sentence = _unreadable(typed)
    if sentence is None:
        address = f"{config().base_url}{typed}" if typed.startswith("/") else typed
        try:
            target = read_url(address)
        except AddressRefused:
            sentence = _("This is not an address of a page. It should look like https://example.com/page.")
        else:
            sentence = _refused(target, by)
            if sentence is None:
                _path, mark, fragment = address.partition("#")
                return target.url + mark + quote(fragment, safe=_FRAGMENT)
    raise Invalid(errors={field: sentence})


def is_ours(target: str) -> bool:
    """Whether a target that was read is a page of this site."""
    return read_url(target).host in config().hosts


def carried(target: str) -> set[str]:
    """The UTM fields that a target says itself."""
    return {field for field in FIELDS if f"utm_{field}" in _names(target)}


def address_for(target: str, utm: Mapping[str, str], click_id: str = "") -> str:
    """The target with the UTM values and the click id added. Nothing else in it changes."""
    added = [f"utm_{field}={quote(utm[field], safe='')}" for field in FIELDS if utm.get(field)]
    if click_id:
        added.append(f"{CLICK_PARAMETER}={quote(click_id, safe='')}")
    if not added:
        return target
    page, mark, fragment = target.partition("#")
    joint = "?" if "?" not in page else "" if page.endswith(("?", "&")) else "&"
    return f"{page}{joint}{'&'.join(added)}{mark}{fragment}"


def _unreadable(typed: str) -> str | None:
    if not typed:
        return str(_("Please give an address."))
    if strip_control(typed) != typed or re.search(r"\s", typed):
        return str(_("An address has no spaces and no control characters."))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", typed, re.IGNORECASE)
    if scheme and scheme[1].lower() not in ("http", "https") and "." not in scheme[1]:
        return str(_("Only addresses that begin with http:// or https:// can be given."))
    authority = re.match(r"https?://([^/?#\\]*)", typed, re.IGNORECASE)
    if authority and "@" in authority[1]:
        return str(_("Please give the address without a user name and password."))
    return None


def _refused(target: Target, by: Person | None) -> str | None:
    names = _names(target.url)
    if CLICK_PARAMETER in names:
        return str(
            _("The parameter %(name)s is added by the link. Please take it out.", name=CLICK_PARAMETER)
        )
    if target.host in config().hosts:
        if _is_short(target):
            return str(_("This is a short link itself. Please give the address it leads to."))
        if any(name.startswith("utm_") for name in names):
            return str(
                _(
                    "UTM values between our own pages would reset where a reader came from. "
                    "Please give the address without them; the link adds its own."
                )
            )
        return None
    if by is None or not by.is_staff:
        return str(_("Only staff may make links that lead to other sites."))
    if target.host.removeprefix("www.") in _SHORTENERS:
        return str(_("This is a short link itself. Please give the address it leads to."))
    if not _is_public_name(target.host):
        return str(_("This machine is not on the public internet, so readers could not open it."))
    return None


def _names(url: str) -> set[str]:
    query = url.partition("#")[0].partition("?")[2]
    return {name.strip().lower() for name, _value in parse_qsl(query, keep_blank_values=True)}


def _is_short(target: Target) -> bool:
    """Whether an address of ours is one of `/l/`, however it is written."""
    path, before = target.url.partition("://")[2].partition("?")[0].partition("/")[2], ""
    while path != before:
        path, before = unquote(path), path
    parts: list[str] = []
    for part in re.split(r"[/\\]+", path):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return (split_prefix("/" + "/".join(parts))[1].lower() + "/").startswith(HOME)


def _is_public_name(host: str) -> bool:
    address = literal(host)
    if address is not None:
        allowed: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = [
            one for one in config().outbound_allow if one.version == address.version
        ]
        return is_public(address) or any(address in one for one in allowed)
    return "." in host and not host.endswith(_LOCAL_NAMES)
