"""The company's settings and sections: asked for by every page, so each process keeps them until they change."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cms.core.config import LOCALES
from cms.core.database import db
from cms.core.pagecache import kept
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


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link the company put under every page."""

    label: dict[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class Site:
    """What every page shows of the site itself, and the habits of its feeds."""

    name: dict[str, str]
    tagline: dict[str, str]
    accent: str
    sections: list[SectionLink]
    footer_links: list[FooterLink]
    feed_content: str = "full"
    feed_items: int = 30
    hold_back_minutes: int = 0
    updated_at: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    podcast: dict[str, Any] = field(default_factory=dict)


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
    return db.session.get(SiteSettings, 1) or SiteSettings(id=1, footer_links=[], podcast={}, **DEFAULT)


def in_words(words: dict[str, str], locale: str | None) -> str:
    """The wording in a language, else in any; for feeds, which speak no interface language."""
    wanted = locale or LOCALES[0]
    return words.get(wanted) or next((words[key] for key in (*LOCALES, *words) if words.get(key)), "")


def _sections_by_id(edition: Edition) -> dict[int, SectionLink]:
    return {one.id: replace(one, url=edition.to(f"/sections/{one.slug}")) for one in site().sections}


def _read_site() -> Site:
    row = db.session.execute(
        select(
            SiteSettings.name,
            SiteSettings.tagline,
            SiteSettings.accent,
            SiteSettings.footer_links,
            SiteSettings.feed_content,
            SiteSettings.feed_items,
            SiteSettings.hold_back_minutes,
            SiteSettings.updated_at,
            SiteSettings.podcast,
        )
    ).one_or_none()
    sections = db.session.execute(
        select(Section.id, Section.slug, Section.name, Section.description).order_by(
            Section.position, Section.id
        )
    ).all()
    links = [SectionLink(one.id, one.slug, one.name, one.description or {}) for one in sections]
    if row is None:
        return Site(**DEFAULT, sections=links, footer_links=[])
    footer = [FooterLink(one.get("label") or {}, one.get("url", "")) for one in row.footer_links or []]
    return Site(
        name=row.name,
        tagline=row.tagline,
        accent=row.accent,
        sections=links,
        footer_links=footer,
        feed_content=row.feed_content,
        feed_items=row.feed_items,
        hold_back_minutes=row.hold_back_minutes,
        updated_at=row.updated_at,
        podcast=row.podcast or {},
    )
