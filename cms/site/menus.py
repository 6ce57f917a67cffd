"""The menus of the site as editors type them: rows of words in each language and an address."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from cms.core.config import LOCALES
from cms.core.text import strip_control


@dataclass(frozen=True)
class Menu:
    """One list of links: how many it holds, and what it is for."""

    name: str  # of the column
    label: Any
    about: Any
    most: int
    may_be_ours: bool = True  # whether a page of ours may be in it


MENUS = (
    Menu(
        "header_links",
        lazy_gettext("At the head of every page"),
        lazy_gettext("After the sections. Few: two or three."),
        6,
    ),
    Menu(
        "footer_links",
        lazy_gettext("At the foot of every page"),
        lazy_gettext("About the company, careers, press, other sites."),
        12,
    ),
    Menu(
        "legal_links",
        lazy_gettext("Legal pages"),
        lazy_gettext(
            "Imprint, privacy, terms, accessibility, registration numbers. On the last line of every page."
        ),
        6,
    ),
    Menu(
        "social_links",
        lazy_gettext("The company elsewhere"),
        lazy_gettext(
            "Profiles on other networks. They are marked as yours (rel=me), so that those networks can confirm it."
        ),
        10,
        may_be_ours=False,
    ),
)


@dataclass
class LinkRow:
    """One row as it was typed."""

    words: dict[str, str]
    url: str
    place: int
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed in it: then it is left out."""
        return not self.url and not any(self.words.values())


@dataclass
class TypedMenu:
    """A menu as it was typed, with what is wrong about it."""

    menu: Menu
    rows: list[LinkRow] = field(default_factory=list)
    error: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it can be stored."""
        return not self.error and not any(row.error for row in self.rows)

    def links(self) -> list[dict[str, Any]]:
        """As they are stored."""
        return [
            {"label": {language: words for language, words in row.words.items() if words}, "url": row.url}
            for row in self.rows
        ]


def read_menu(menu: Menu, sent: Mapping[str, str]) -> TypedMenu:
    """The rows that were sent, in the order of their numbers; empty ones are left out, wrong ones say why."""
    rows = [
        _row(menu, sent, number) for number in range(menu.most + 10) if f"{menu.name}-{number}-url" in sent
    ]
    typed = TypedMenu(menu, sorted((row for row in rows if not row.is_empty), key=lambda row: row.place))
    for row in typed.rows:
        row.error = _wrong(menu, row)
    if len(typed.rows) > menu.most:
        typed.error = _("At most %(number)d links.", number=menu.most)
    return typed


def stored_menu(menu: Menu, links: list[Any] | None) -> TypedMenu:
    """The rows of a menu as it is."""
    rows = [
        LinkRow({one: (link.get("label") or {}).get(one, "") for one in LOCALES}, link.get("url", ""), number)
        for number, link in enumerate(links or [], 1)
    ]
    return TypedMenu(menu, rows)


def clean_line(text: str | None) -> str:
    """One line without control characters."""
    return " ".join(strip_control(text or "").split())


def may_be_linked(url: str) -> bool:
    """An address that a link of ours may have: a page of ours, or one on the web."""
    if url.startswith("/"):
        return not url.startswith("//") and len(url) <= 500
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and len(url) <= 500


def _row(menu: Menu, sent: Mapping[str, str], number: int) -> LinkRow:
    def typed(name: str) -> str:
        return clean_line(sent.get(f"{menu.name}-{number}-{name}"))

    place = typed("place")
    return LinkRow(
        {one: typed(one)[:60] for one in LOCALES},
        typed("url"),
        int(place) if place.isascii() and place.isdecimal() and len(place) < 6 else number,
    )


def _wrong(menu: Menu, row: LinkRow) -> str:
    if not any(row.words.values()):
        return str(_("Please give it words in at least one language."))
    if not menu.may_be_ours and not row.url.startswith(("https://", "http://")):
        return str(_("Please give an address that begins with https://."))
    if not may_be_linked(row.url):
        return str(_("Please give an address that begins with https://, or with / for a page of ours."))
    return ""
