"""What the head of a public page tells search engines and other people's link previews.

JSON-LD stands in a `<script type="application/ld+json">`: a data block, which no browser runs, so that the
content security policy has nothing to say about it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from cms.core.languages import HTML_LANG
from cms.core.markup import trusted
from cms.core.pages import iso
from cms.site.edition import Edition
from cms.site.queries.cards import Card, Credit
from cms.site.queries.directory import Author
from cms.site.queries.pictures import Picture
from cms.site.queries.reading import FullPost
from cms.site.queries.site import Site, in_words

OG_LOCALE = {"en": "en_GB", "zh": "zh_CN"}
TYPES = {
    "article": "Article",
    "photo": "Article",
    "note": "SocialMediaPosting",
    "audio": "PodcastEpisode",
    "video": "VideoObject",
}


@dataclass(frozen=True, slots=True)
class Head:
    """Canonical address, other languages, Open Graph, structured data."""

    canonical: str
    alternates: list[tuple[str, str]] = field(default_factory=list)
    properties: list[tuple[str, str]] = field(default_factory=list)
    json_ld: Markup | None = None


def list_head(
    edition: Edition, host: str, site: Site, *, path: str, title: str, about: str = "", query: str = ""
) -> Head:
    """For a list: the same list exists in every language of the interface."""
    here = Edition(edition.locale, host)
    canonical = here.to(edition.prefix + path) + query
    alternates = [(HTML_LANG[one], here.to(f"/{one}{path}") + query) for one in site.languages]
    crumbs = _crumbs([(in_words(site.name, edition.locale), host + edition.prefix + "/"), (title, canonical)])
    return Head(
        canonical=canonical,
        alternates=[*alternates, ("x-default", here.to(path) + query)],
        properties=_properties(edition, site, "website", title, about, canonical),
        json_ld=_json_ld([crumbs] if path != "/" else [_web_site(edition, host, site)]),
    )


def person_head(edition: Edition, host: str, site: Site, *, path: str, author: Author) -> Head:
    """For somebody's page."""
    head = list_head(edition, host, site, path=path, title=author.name, about=author.headline)
    who: dict[str, Any] = {"@type": "Person", "name": author.name, "url": Edition("", host).to(path)}
    if author.headline:
        who["description"] = author.headline
    if author.portrait:
        who["image"] = host + author.portrait.src
    return Head(
        canonical=head.canonical,
        alternates=head.alternates,
        properties=[(one, "profile" if one == "og:type" else value) for one, value in head.properties],
        json_ld=_json_ld([{"@type": "ProfilePage", "mainEntity": who}]),
    )


def post_head(edition: Edition, host: str, site: Site, post: FullPost) -> Head:
    """For a post: one canonical address whatever the language of the interface around it."""
    here = Edition(edition.locale, host)
    title = post.title or post.summary
    properties = _properties(edition, site, "article", title, post.summary, post.canonical_url)
    properties[-1] = ("og:locale", OG_LOCALE.get(post.language, post.language))
    properties += [
        ("article:published_time", iso(post.published_at)),
        ("article:modified_time", iso(post.modified_at)),
    ]
    if post.section:
        properties.append(("article:section", in_words(post.section.name, post.language)))
    properties += [("article:tag", tag.name) for tag in post.tags]
    properties += _picture_properties(host, post)
    if post.enclosure:
        kind = post.enclosure.kind
        properties += [
            (f"og:{kind}", host + post.enclosure.src),
            (f"og:{kind}:type", post.enclosure.mime),
        ]
    return Head(
        canonical=post.canonical_url,
        alternates=_translations(here, post),
        properties=properties,
        json_ld=_json_ld([_work(here, site, post), _post_crumbs(here, site, post)]),
    )


def _properties(
    edition: Edition, site: Site, kind: str, title: str, about: str, url: str
) -> list[tuple[str, str]]:
    return [
        ("og:type", kind),
        ("og:site_name", in_words(site.name, edition.locale)),
        ("og:title", title),
        ("og:description", about or in_words(site.tagline, edition.locale)),
        ("og:url", url),
        ("og:locale", OG_LOCALE[edition.locale]),
    ]


def _picture_properties(host: str, post: Card) -> list[tuple[str, str]]:
    if not post.cover:
        return [("twitter:card", "summary")]
    picture = [
        ("og:image", host + post.cover.src),
        ("og:image:type", post.cover.mime),
        ("og:image:width", str(post.cover.width or "")),
        ("og:image:height", str(post.cover.height or "")),
        ("og:image:alt", post.cover_alt),
        ("twitter:card", "summary_large_image"),
    ]
    return [(name, value) for name, value in picture if value]


def _translations(here: Edition, post: FullPost) -> list[tuple[str, str]]:
    told = [(HTML_LANG.get(language, language), here.to(path)) for language, path in post.told_at]
    return [*told, ("x-default", here.to(post.path))] if told and post.is_original else told


def _work(here: Edition, site: Site, post: FullPost) -> dict[str, Any]:
    title = post.title or post.summary
    work: dict[str, Any] = {
        "@type": TYPES[post.kind],
        "@id": here.to(post.path),
        "url": here.to(post.path),
        "mainEntityOfPage": post.canonical_url,
        "inLanguage": HTML_LANG.get(post.language, post.language),
        "datePublished": iso(post.published_at),
        "dateModified": iso(post.modified_at),
        "author": [_author(here, one) for one in post.bylines if one.does == "author"]
        or [_author(here, one) for one in post.bylines]
        or [_publisher(here, site)],
        "publisher": _publisher(here, site),
        "description": post.summary,
    }
    work["name" if post.kind in ("audio", "video") else "headline"] = title
    if post.cover:
        work["image"] = [here.prefix + post.cover.src]
    if post.kind == "note":
        work["text"] = post.summary
    elif post.kind in ("article", "photo"):
        work["wordCount"] = post.word_count
        work["timeRequired"] = f"PT{post.reading_minutes}M"
    if post.section:
        work["articleSection"] = in_words(post.section.name, post.language)
    if post.tags:
        work["keywords"] = [tag.name for tag in post.tags]
    if post.corrections:
        work["correction"] = [
            {"@type": "CorrectionComment", "text": one.changed, "datePublished": iso(one.at)}
            for one in post.corrections
        ]
    if post.enclosure:
        work |= _recording(here, post, post.enclosure)
    return work


def _recording(here: Edition, post: FullPost, file: Picture) -> dict[str, Any]:
    facts: dict[str, Any] = {"contentUrl": here.prefix + file.src, "encodingFormat": file.mime}
    if file.duration_seconds:
        facts["duration"] = f"PT{round(file.duration_seconds)}S"
    if post.kind == "video":
        poster = post.cover.src if post.cover else file.poster
        return {
            **facts,
            "uploadDate": iso(post.published_at),
            **({"thumbnailUrl": here.prefix + poster} if poster else {}),
        }
    return {
        "associatedMedia": {"@type": "AudioObject", **facts, "contentSize": str(file.byte_size)},
        "partOfSeries": {"@type": "PodcastSeries", "url": here.to("/podcast")},
    }


def _author(here: Edition, one: Credit) -> dict[str, Any]:
    host_only = here.prefix
    path = one.url[one.url.index("/@") :]
    return {"@type": "Person", "name": one.name, "url": host_only + path}


def _publisher(here: Edition, site: Site) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "@type": "Organization",
        "name": in_words(site.name, here.locale),
        "url": here.to("/"),
    }
    if site.logo:
        facts["logo"] = {
            "@type": "ImageObject",
            "url": here.prefix + site.logo.src,
            "width": site.logo.width,
            "height": site.logo.height,
        }
    if site.social_links:
        facts["sameAs"] = [one.url for one in site.social_links]
    if site.contact_email:
        facts["email"] = site.contact_email
    return facts


def _web_site(edition: Edition, host: str, site: Site) -> dict[str, Any]:
    return {
        "@type": "WebSite",
        "name": in_words(site.name, edition.locale),
        "description": in_words(site.description or site.tagline, edition.locale),
        "url": host + edition.prefix + "/",
        "publisher": _publisher(Edition(edition.locale, host), site),
        "inLanguage": HTML_LANG[edition.locale],
        "potentialAction": {
            "@type": "SearchAction",
            "target": host + edition.prefix + "/search?q={query}",
            "query-input": "required name=query",
        },
    }


def _post_crumbs(here: Edition, site: Site, post: FullPost) -> dict[str, Any]:
    steps = [(in_words(site.name, here.locale), here.to("/"))]
    if post.section:
        steps.append((in_words(post.section.name, here.locale), here.to(f"/sections/{post.section.slug}")))
    return _crumbs([*steps, (post.title or post.summary, here.to(post.path))])


def _crumbs(steps: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": url}
            for number, (name, url) in enumerate(steps, 1)
        ],
    }


def _json_ld(things: Sequence[dict[str, Any]]) -> Markup:
    """As text for a data block: no character that could end the block or open a comment is left bare."""
    graph: Any = {"@context": "https://schema.org", "@graph": list(things)}
    text = json.dumps(graph, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return trusted(text)
