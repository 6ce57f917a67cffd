"""The company's settings and sections: asked for by every page, so each process keeps them until they change."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.pagecache import kept
from cms.media.models import Media, media_url
from cms.site.edition import Edition
from cms.site.models import SiteSettings
from cms.topics.models import Section


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A section, as navigation shows it."""

    id: int
    slug: str
    name: dict[str, str]
    description: dict[str, str]
    url: str = ""
    is_archived: bool = False


@dataclass(frozen=True, slots=True)
class MenuLink:
    """A link the company put on every page: to one of its pages (`/…`) or elsewhere."""

    label: dict[str, str]
    url: str

    @property
    def is_internal(self) -> bool:
        """Whether it keeps the language of the page it is on."""
        return self.url.startswith("/")


@dataclass(frozen=True, slots=True)
class Logo:
    """The company's mark, as pages show it."""

    id: int
    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows of the site itself, and the habits of its feeds."""

    name: dict[str, str]
    tagline: dict[str, str]
    accent: str
    sections: list[SectionLink]  # those of the navigation
    footer_links: list[MenuLink]
    feed_content: str = "full"
    feed_items: int = 30
    hold_back_minutes: int = 0
    updated_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    podcast: dict[str, Any] = field(default_factory=dict)
    archived_sections: list[SectionLink] = field(default_factory=list)
    description: dict[str, str] = field(default_factory=dict)
    logo: Logo | None = None
    header_links: list[MenuLink] = field(default_factory=list)
    legal_links: list[MenuLink] = field(default_factory=list)
    social_links: list[MenuLink] = field(default_factory=list)
    contact_email: str = ""
    languages: tuple[str, ...] = LOCALES
    timezone: str = ""  # empty: the operator's

    def find_section(self, slug: str) -> SectionLink | None:
        """The section at this address, in use or put away."""
        every = (*self.sections, *self.archived_sections)
        return next((one for one in every if one.slug == slug), None)


DEFAULT: dict[str, Any] = {
    "name": {"en": "Parley", "zh": "Parley"},
    "tagline": {"en": "Where we talk with you.", "zh": "我们与您对话的地方。"},
    "accent": "#0b6e4f",
}


def site() -> Site:
    """The site as it is set up now."""
    return kept("site", "site", make=_read_site)


def sections_by_id(edition: Edition) -> dict[int, SectionLink]:
    """Every section by id, with links of this edition."""
    return kept(f"sections {edition.prefix}", "site", make=lambda: _sections_by_id(edition))


def get_settings() -> SiteSettings:
    """The settings row, or one with the defaults when nobody has set anything yet."""
    return db.session.get(SiteSettings, 1) or SiteSettings(
        id=1,
        description={},
        header_links=[],
        footer_links=[],
        legal_links=[],
        social_links=[],
        contact_email="",
        languages=list(LOCALES),
        timezone="",
        podcast={},
        **DEFAULT,
    )


def in_words(words: dict[str, str], locale: str | None) -> str:
    """The wording in a language, else in any; for feeds, which speak no interface language."""
    wanted = locale or LOCALES[0]
    return words.get(wanted) or next((words[key] for key in (*LOCALES, *words) if words.get(key)), "")


def _sections_by_id(edition: Edition) -> dict[int, SectionLink]:
    every = (*site().sections, *site().archived_sections)
    return {one.id: replace(one, url=edition.to(f"/sections/{one.slug}")) for one in every}


def _read_site() -> Site:
    row = db.session.scalar(select(SiteSettings).execution_options(populate_existing=True))
    sections = db.session.execute(
        select(Section.id, Section.slug, Section.name, Section.description, Section.archived_at).order_by(
            Section.position, Section.id
        )
    ).all()
    every = [
        SectionLink(
            one.id, one.slug, one.name, one.description or {}, is_archived=one.archived_at is not None
        )
        for one in sections
    ]
    links, archived = [one for one in every if not one.is_archived], [one for one in every if one.is_archived]
    if row is None:
        return Site(**DEFAULT, sections=links, archived_sections=archived, footer_links=[])
    return Site(
        name=row.name,
        tagline=row.tagline,
        description=row.description or {},
        logo=_logo(row.logo_id),
        accent=row.accent,
        sections=links,
        archived_sections=archived,
        header_links=_menu(row.header_links),
        footer_links=_menu(row.footer_links),
        legal_links=_menu(row.legal_links),
        social_links=_menu(row.social_links),
        contact_email=row.contact_email or "",
        languages=tuple(one for one in LOCALES if one in (row.languages or LOCALES)) or LOCALES,
        timezone=row.timezone or "",
        feed_content=row.feed_content,
        feed_items=row.feed_items,
        hold_back_minutes=row.hold_back_minutes,
        updated_at=row.updated_at,
        podcast=row.podcast or {},
    )


def _menu(links: list[Any] | None) -> list[MenuLink]:
    return [MenuLink(one.get("label") or {}, one.get("url", "")) for one in links or []]


def _logo(media_id: int | None) -> Logo | None:
    media = db.session.get(Media, media_id) if media_id else None
    if media is None or media.kind != "image" or not media.width or not media.height:
        return None
    return Logo(media.id, media_url(media.file), media.width, media.height)
